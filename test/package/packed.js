'use strict';

const { execFileSync } = require('node:child_process');
const path = require('node:path');
const { npm } = require('./npm');

const root = path.resolve(__dirname, '../..');

/**
 * Packs the package as it would be published.
 * @param {string} folder where the tarball goes
 * @returns {{tarball: string, files: string[], unpackedSize: number}} unpackedSize in bytes
 */
function pack(folder) {
  for (const script of ['scripts/prebuild.mjs', 'scripts/pack-lib.mjs'])
    execFileSync(process.execPath, [script], { cwd: root });
  const [report] = JSON.parse(npm(['pack', '--json', '--pack-destination', folder], { cwd: root }));
  return {
    tarball: path.join(folder, report.filename),
    files: report.files.map((/** @type {{path: string}} */ file) => file.path),
    unpackedSize: report.unpackedSize,
  };
}

module.exports = { pack };
