// `holdfast dev` serves static assets as they change (S8.7.1), also when a build tool makes their directory anew.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { makeProject, removeProjects, writeFiles } = require('../../support/project-files');
const { startServer } = require('../../support/server');

let isOver = false;
afterEach(() => {
  isOver = true;
});
afterAll(removeProjects);

test('what appears among the assets is served, and what goes is not', async () => {
  const directory = makeProject({
    'wrangler.json': {
      main: 'worker.js',
      compatibility_date: '2026-08-25',
      assets: { directory: 'public' },
    },
    'worker.js': 'export default { fetch: () => new Response("the Worker") };',
    'public/a.txt': 'a',
  });
  const server = await startServer({ project: directory, command: 'dev' });
  const get = async (/** @type {string} */ target) => (await fetch(server.url + target)).text();
  /** @param {string} target @param {string} text */
  const becomes = async (target, text) => {
    while (!isOver && (await get(target)) !== text);
  };
  expect(await get('/a.txt')).toBe('a');
  writeFiles(directory, { 'public/folder/b.txt': 'b' });
  await becomes('/folder/b.txt', 'b');
  fs.rmSync(path.join(directory, 'public'), { recursive: true });
  writeFiles(directory, { 'public/c.txt': 'c' });
  await becomes('/c.txt', 'c');
  await becomes('/a.txt', 'the Worker');
  writeFiles(directory, { 'public/d.txt': 'd' });
  await becomes('/d.txt', 'd');
  await server.stop();
});
