// writeModules: the modules of a Worker under test with the way in for the runner, as files of a folder.
//
// The test's own modules are as they were, but for what they import: `node:assert` is the counting one, and a module that
// the runtime does not have is one whose members throw, so that the cases which do without it can run.
import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const workerDir = fileURLToPath(new URL('./worker/', import.meta.url));
const ownModules = ['cases.js', 'counted-assert.js', 'missing.js'];

/** The main module, which imports the test's. */
export const entryName = 'run-cases.js';

const moduleImport = (names) => new RegExp(`(\\bfrom\\s*)(['"])(?:${names.join('|')})\\2`, 'g');
const assertImport = moduleImport(['node:assert', 'assert']);

/**
 * @param {string} directory
 * @param {any} worker of a TestService
 * @param {{selfBindings?: Record<string, string>, missing?: string[]}} [differences] see worker/cases.js; modules that the
 *   runtime does not have
 * @returns {Promise<{name: string, file: string}[]>} the modules by name, entry first
 */
export async function writeModules(directory, worker, { selfBindings = {}, missing = [] } = {}) {
  await mkdir(directory, { recursive: true });
  const [main] = worker.modules;
  const entry = [
    `import * as worker from ${JSON.stringify(`./${main.name}`)};`,
    "import { exports } from 'cloudflare:workers';",
    "import { withCases } from './cases.js';",
    `export * from ${JSON.stringify(`./${main.name}`)};`,
    `export default withCases(worker, exports, ${JSON.stringify(selfBindings)});`,
  ];
  await writeFile(path.join(directory, entryName), `${entry.join('\n')}\n`);
  for (const file of ownModules) await cp(path.join(workerDir, file), path.join(directory, file));
  const missingImport = moduleImport(missing.length ? missing : ['^']);
  const modules = [entryName, ...ownModules].map((name) => ({ name, file: name }));
  for (const { name, esModule } of worker.modules) {
    if (esModule === undefined) throw new Error(`The module ${name} is not an ES module.`);
    const file = path.extname(name) ? name : `${name}.js`;
    const up = '../'.repeat(name.split('/').length - 1) || './';
    await mkdir(path.dirname(path.join(directory, file)), { recursive: true });
    await writeFile(
      path.join(directory, file),
      esModule
        .replace(assertImport, `$1$2${up}counted-assert.js$2`)
        .replace(missingImport, `$1$2${up}missing.js$2`),
    );
    modules.push({ name, file });
  }
  return modules;
}
