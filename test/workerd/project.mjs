// writeModules: the modules of a Worker under test with the way in for the runner, as files of a folder.
//
// The test's own modules are as they were, but for one thing: what they import as `node:assert` is the counting one.
import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const workerDir = fileURLToPath(new URL('./worker/', import.meta.url));
const ownModules = ['cases.js', 'counted-assert.js'];

/** The main module, which imports the test's. */
export const entryName = 'run-cases.js';

const assertImport = /(\bfrom\s*|\bimport\s*\(?\s*)(['"])(?:node:)?assert\2/g;

/**
 * @param {string} directory
 * @param {any} worker of a TestService
 * @param {Record<string, string>} selfBindings see worker/cases.js
 * @returns {Promise<{name: string, file: string}[]>} the modules by name, entry first
 */
export async function writeModules(directory, worker, selfBindings) {
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
  const modules = [entryName, ...ownModules].map((name) => ({ name, file: name }));
  for (const { name, esModule } of worker.modules) {
    if (esModule === undefined) throw new Error(`The module ${name} is not an ES module.`);
    const file = path.extname(name) ? name : `${name}.js`;
    const up = '../'.repeat(name.split('/').length - 1) || './';
    await mkdir(path.dirname(path.join(directory, file)), { recursive: true });
    await writeFile(
      path.join(directory, file),
      esModule.replace(assertImport, `$1$2${up}counted-assert.js$2`),
    );
    modules.push({ name, file });
  }
  return modules;
}
