// writeModules: the modules of a Worker under test with the way in for the runner, as files of a folder.
//
// The test's own modules are as they were, but for what they import: `node:assert` is the counting one, and a module that
// the runtime does not have is one whose members throw, so that the cases which do without it can run.
import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const workerDir = fileURLToPath(new URL('./worker/', import.meta.url));
const ownModules = ['cases.js', 'counted-assert.js'];

/** The main module, which imports the test's. */
export const entryName = 'run-cases.js';

const moduleImport = (names) => new RegExp(`(\\bfrom\\s*)(['"])(?:${names.join('|')})\\2`, 'g');
const assertImport = moduleImport(['node:assert', 'assert']);

/** @param {any} worker of a configuration @returns {boolean} */
export const hasDefault = ({ modules: [{ esModule }] }) =>
  /\bexport\s+default\b|\bas\s+default\b/.test(esModule);

/**
 * The export that answers the runner: the default one, or, of a Worker without one, a case, so that it exports no more than before.
 * @param {any} worker of a TestService
 * @returns {string}
 */
export function wayIn(worker) {
  if (hasDefault(worker)) return 'default';
  const [{ esModule }] = worker.modules;
  const found = /^export (?:let|const|var) (\w+) = \{\s*(?:async )?test\b/m.exec(esModule);
  return found?.[1] ?? 'default';
}

/**
 * @param {string} directory
 * @param {any} worker of a TestService
 * @param {{replaced?: Record<string, string>, isTested?: boolean}} [options] modules that the runtime does not have, and the text of
 *   what stands for each; whether it is the Worker under test, or one beside it
 * @returns {Promise<{name: string, file: string}[]>} the modules by name, entry first
 */
export async function writeModules(directory, worker, { replaced = {}, isTested = true } = {}) {
  await mkdir(directory, { recursive: true });
  const modules = isTested ? await writeOwn(directory, worker) : [];
  for (const [index, text] of Object.values(replaced).entries())
    await writeFile(path.join(directory, standIn(index)), text);
  for (const { name, esModule } of worker.modules) {
    if (esModule === undefined) throw new Error(`The module ${name} is not an ES module.`);
    const file = path.extname(name) ? name : `${name}.js`;
    const up = '../'.repeat(name.split('/').length - 1) || './';
    await mkdir(path.dirname(path.join(directory, file)), { recursive: true });
    let text = isTested ? esModule.replace(assertImport, `$1$2${up}counted-assert.js$2`) : esModule;
    for (const [index, missing] of Object.keys(replaced).entries())
      text = text.replace(moduleImport([missing]), `$1$2${up}${standIn(index)}$2`);
    await writeFile(path.join(directory, file), text);
    modules.push({ name, file });
  }
  return modules;
}

const standIn = (index) => `stand-in-${index}.js`;

async function writeOwn(directory, worker) {
  const main = JSON.stringify(`./${worker.modules[0].name}`);
  const name = wayIn(worker);
  const entry = [
    `import * as worker from ${main};`,
    "import { withCases } from './cases.js';",
    `export * from ${main};`,
    name === 'default'
      ? 'export default withCases(worker, worker.default);'
      : `export const ${name} = withCases(worker, worker.${name});`,
  ];
  await writeFile(path.join(directory, entryName), `${entry.join('\n')}\n`);
  for (const file of ownModules) await cp(path.join(workerDir, file), path.join(directory, file));
  return [entryName, ...ownModules].map((file) => ({ name: file, file }));
}
