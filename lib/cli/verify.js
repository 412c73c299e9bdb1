// verify: `holdfast verify`: checks a data directory that nothing uses, and says what is damaged and what to do.
'use strict';

const path = require('node:path');
const { readProjects } = require('./read-projects');
const { dataDirOf } = require('./server');

/**
 * @typedef {object} Finding
 * @property {string} path
 * @property {string} what
 */

/**
 * @typedef {object} VerifyReport
 * @property {Finding[]} problems
 * @property {Finding[]} notes
 * @property {number} objects
 * @property {number} objectBytes
 * @property {number} segments
 * @property {number} logBytes
 * @property {number} commits in the log, not yet in the files
 */

/** @typedef {(dataDir: string) => Promise<VerifyReport>} VerifyDataDirectory */

/**
 * @param {import('./options').ProjectOptions} options
 * @param {VerifyDataDirectory} verifyDataDirectory
 * @param {InstanceType<typeof import('./terminal').Terminal>} terminal
 * @returns {Promise<boolean>} whether all is well
 * @throws when the directory is in use, or is none
 */
async function verify(options, verifyDataDirectory, terminal) {
  const { dataDir } = options;
  const directory =
    dataDir === undefined ? dataDirOf(readProjects(options)[0]) : path.resolve(dataDir);
  const report = await verifyDataDirectory(directory);
  terminal.print(report.problems.map(line));
  terminal.print(report.notes.map((note) => `note: ${line(note)}`));
  terminal.print([summary(report)]);
  return report.problems.length === 0;
}

/** @param {Finding} finding */
const line = ({ path: place, what }) => `${place}: ${what}.`;

/** @param {VerifyReport} report */
function summary({ objects, objectBytes, segments, logBytes, commits, problems }) {
  return [
    `${count(objects, 'object')} (${objectBytes} bytes)`,
    `${count(segments, 'log segment')} (${logBytes} bytes)`,
    `${count(commits, 'commit')} in the log and not yet in the files`,
    count(problems.length, 'problem'),
  ].join(', ');
}

/** @param {number} number @param {string} noun */
const count = (number, noun) => `${number} ${noun}${number === 1 ? '' : 's'}`;

module.exports = { verify };
