// What the failure tests share: a server of test/failures/project that does not outlive its test.
'use strict';

const { startServer } = require('../support/server');
const { unmountAll } = require('./disks');

/** @type {import('../support/server').Server | undefined} */
let server;
afterEach(async () => {
  await server?.kill();
  unmountAll();
});

/** @param {string} dataDir @param {string[]} [more] arguments */
async function start(dataDir, more = []) {
  const args = ['--data-dir', dataDir, ...more];
  server = await startServer({ project: 'test/failures/project', args });
  return server;
}

/** @param {string} dataDir @returns {Promise<string[]>} the lines that a start that fails writes to stderr */
async function failedStart(dataDir) {
  const error = await start(dataDir).then(
    () => undefined,
    (thrown) => thrown,
  );
  const [, text = 'it started'] = /--- stderr\n([^]*)$/.exec(error?.message ?? '') ?? [];
  return text.trim().split('\n');
}

/** @param {string | undefined} why @returns {jest.It} a test, or where there is a reason, a skipped one */
function unless(why) {
  if (why !== undefined) console.warn(`skipped: ${why}`);
  return why === undefined ? test : test.skip;
}

module.exports = { failedStart, start, unless };
