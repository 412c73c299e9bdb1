// Programs: finds the Worker programs of this suite and the cases that drive them.
//
// A program is a pair `programs/<area>/<name>.js` (the Worker, exactly what a user would write) and
// `programs/<area>/<name>.script.mjs` (its configuration and cases). A Worker may import the
// modules that all share, `../probe.js` and the like.
// A script module exports
//   config   {bindings, classes, compatibilityDate?, compatibilityFlags?, vars?, wrangler?, miniflare?, concurrent?, serviceWorker?, development?}
//   cases    [{name, status?, request}] | [{name, steps}]   (see scenario.mjs)
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const programsDir = fileURLToPath(new URL('../programs/', import.meta.url));

/** Modules of `programs/` that any program may import. */
export const sharedModules = [
  'describe.js',
  'probe.js',
  'restored-kinds.js',
  'facet-classes.js',
  'facet-parent.js',
  'r2-shown.js',
  'random.js',
  'random-value.js',
  'timer-probes.js',
  'generated/alarm-plans.js',
  'generated/rpc-plan.js',
  'generated/socket-ends.js',
  'generated/sql.js',
  'generated/steps.js',
  'generated/stream-sources.js',
  'generated/web-values.js',
];

/** The name of the Worker on both runtimes; it is part of every unique key (S1.1.1). */
export const workerName = 'worker';

const defaultCompatibilityDate = '2026-08-25';

/**
 * @typedef {object} Program
 * @property {string} id `<area>/<name>`
 * @property {string} entry path of the Worker relative to `programs/`
 * @property {ProgramConfig} config
 * @property {import('./scenario.mjs').Case[]} cases
 *
 * @typedef {object} ProgramConfig
 * @property {string} compatibilityDate
 * @property {string[]} compatibilityFlags
 * @property {Record<string, string>} bindings binding name -> class name
 * @property {Record<string, {sqlite: boolean}>} classes
 * @property {Record<string, unknown>} vars
 * @property {Record<string, {entrypoint?: string, props?: object}>} services bindings to the Worker itself
 * @property {Record<string, unknown>} [wrangler] more keys of the wrangler config that Holdfast gets
 * @property {Record<string, unknown>} [miniflare] what says the same to miniflare, which then is the oracle
 * @property {Record<string, string | Uint8Array>} files more files of the project, by path
 * @property {string} [entry] the Worker, when several programs share one
 * @property {boolean} hasCode false: static assets alone
 * @property {boolean} [development] Holdfast runs as `holdfast dev`
 * @property {boolean} [localNetwork] the program talks to servers of this machine
 * @property {boolean} [serviceWorker] the program is in Service Worker syntax
 * @property {boolean} concurrent whether the cases run side by side (for cases that wait)
 */

/**
 * Loads every program.
 * @returns {Promise<Program[]>} sorted by id
 */
export async function loadPrograms() {
  const programs = [];
  for (const area of (await readdir(programsDir, { withFileTypes: true })).sort(byName)) {
    if (!area.isDirectory()) continue;
    for (const file of (await readdir(path.join(programsDir, area.name))).sort()) {
      if (file.endsWith('.script.mjs')) {
        programs.push(await loadProgram(area.name, file.slice(0, -'.script.mjs'.length)));
      }
    }
  }
  checkNames(programs);
  return programs;
}

async function loadProgram(area, name) {
  const script = await import(
    pathToFileURL(path.join(programsDir, area, `${name}.script.mjs`)).href
  );
  return {
    id: `${area}/${name}`,
    entry: script.config.entry ?? `${area}/${name}.js`,
    config: {
      compatibilityDate: defaultCompatibilityDate,
      compatibilityFlags: [],
      bindings: {},
      classes: {},
      vars: {},
      services: {},
      files: {},
      hasCode: true,
      concurrent: false,
      ...script.config,
    },
    cases: script.cases,
  };
}

/**
 * @param {ProgramConfig} config
 * @param {string} directory
 */
export async function writeFiles({ files }, directory) {
  for (const [name, contents] of Object.entries(files)) {
    const file = path.join(directory, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, contents);
  }
}

/** A case is known by its name alone, in the report and in expected-differences.json. */
function checkNames(programs) {
  for (const { id, cases } of programs) {
    const seen = new Set();
    for (const { name } of cases) {
      if (!/^S\d+(\.\d+)* \S/.test(name)) throw new Error(`${id}: "${name}" cites no clause`);
      if (seen.has(name)) throw new Error(`${id}: two cases are called "${name}"`);
      seen.add(name);
    }
  }
}

function byName(a, b) {
  return a.name < b.name ? -1 : 1;
}
