// WdTest: one `.wd-test` file: the configuration that workerd's build runs a test file with.
//
// Tail workers and the module extensions they import are left out: what they check is workerd's tracing.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Embed, parse } from './capnp-text.mjs';

/** Both runtimes run a file with the rules of this date; the flags of the file are applied on top. */
const compatibilityDate = '2026-08-25';

/**
 * @typedef {object} TestService a Worker that exports tests
 * @property {string} file name of the .wd-test file, without the ending
 * @property {string} name of the service
 * @property {any} worker its configuration, every module a text
 * @property {any} config the whole configuration
 */

/**
 * @param {string} folder
 * @param {string} file without the ending
 * @returns {Promise<TestService[]>}
 */
export async function readWdTest(folder, file) {
  const constants = parse(await readFile(path.join(folder, `${file}.wd-test`), 'utf8'));
  const config = constants.find(({ type }) => type === 'Workerd.Config')?.value;
  if (!config) throw new Error(`${file}.wd-test has no configuration.`);
  const tails = new Set();
  for (const { worker } of config.services) {
    if (!worker) continue;
    for (const tail of [...(worker.tails ?? []), ...(worker.streamingTails ?? [])]) {
      tails.add(tail.name ?? tail);
    }
    delete worker.tails;
    delete worker.streamingTails;
    worker.compatibilityDate = compatibilityDate;
    worker.compatibilityFlags ??= [];
  }
  config.services = config.services.filter(({ name }) => !tails.has(name));
  delete config.extensions;
  for (const { worker } of config.services) {
    if (worker) await readModules(folder, worker);
  }
  return config.services
    .filter(({ worker }) => worker && /\btest\s*\(/.test(worker.modules[0].esModule ?? ''))
    .map(({ name, worker }) => ({ file, name, worker, config }));
}

async function readModules(folder, worker) {
  if (!worker.modules) throw new Error('Workers without modules are not supported.');
  for (const module of worker.modules) {
    for (const [kind, content] of Object.entries(module)) {
      if (content instanceof Embed) {
        module[kind] = await readFile(path.join(folder, content.file), 'utf8');
      }
    }
  }
}
