// init: `holdfast init`: makes a new project that runs at once.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { version } = require('../../package.json');
const { toDate } = require('../config/compatibility');
const { projectFiles } = require('./init-files');

/**
 * @param {{directory: string, javascript?: boolean}} options
 * @param {InstanceType<typeof import('./terminal').Terminal>} terminal
 * @throws when one of the files exists: nothing is written then
 */
function init({ directory, javascript = false }, terminal) {
  const target = path.resolve(directory);
  const files = projectFiles({
    name: nameOf(target),
    language: javascript ? 'javascript' : 'typescript',
    version,
    compatibilityDate: toDate(new Date()),
  });
  const taken = Object.keys(files).filter((file) => fs.existsSync(path.join(target, file)));
  if (taken.length > 0)
    throw new Error(`${target} has ${taken.join(', ')} already; name another directory.`);
  for (const [file, contents] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(target, file)), { recursive: true });
    fs.writeFileSync(path.join(target, file), contents);
  }
  const enter = target === process.cwd() ? '' : `cd ${path.relative(process.cwd(), target)} && `;
  terminal.print([`Made a project in ${target}`, `Next: ${enter}npm install && npm run dev`]);
}

/** What a Worker and a package may both be called (S8.2). @param {string} directory */
function nameOf(directory) {
  const name = path
    .basename(directory)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return name === '' ? 'worker' : name;
}

module.exports = { init };
