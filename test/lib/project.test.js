'use strict';

const { buildProject } = require('../../lib/build');
const { resolveProject } = require('../../lib/config');
const { screamingSnake } = require('../../lib/project');
const { loadProject } = require('../support/load-project');
const { makeProject, removeProjects } = require('../support/project-files');

afterAll(removeProjects);

test.each([
  ['Room', 'ROOM'],
  ['ChatRoom', 'CHAT_ROOM'],
  ['HTTPCounter', 'HTTP_COUNTER'],
  ['Room2Go', 'ROOM2_GO'],
])('%s is bound as %s', (name, binding) => {
  expect(screamingSnake(name)).toBe(binding);
});

test('without a config the exported Durable Object classes are bound, and only those', async () => {
  const directory = makeProject({
    'worker.js': `
      import { DurableObject } from 'cloudflare:workers';
      export class ChatRoom extends DurableObject {}
      export class Other {}
      export const value = 1;
      export default { fetch() {} };
    `,
  });
  class DurableObject {}
  const project = await loadProject({
    key: 'project-test-1',
    main: `${directory}/worker.js`,
    cloudflareWorkers: () => ({ DurableObject }),
  });
  expect(project.durableObjectBindings).toEqual([{ name: 'CHAT_ROOM', className: 'ChatRoom' }]);
  expect(project.config.classes).toEqual(new Map([['ChatRoom', 'sqlite']]));
  expect(Object.keys(project.module).sort()).toEqual(['ChatRoom', 'Other', 'default', 'value']);
  project.close();
});

test('S7.9.1, S8.1.7 env has variables and bindings that throw before the module is imported', async () => {
  const directory = makeProject({
    'wrangler.json': {
      name: 'app',
      main: 'worker.js',
      compatibility_date: '2026-08-25',
      vars: { A: 'a', B: { deep: 1 } },
      vectorize: [{ binding: 'DB' }],
    },
    'worker.js':
      "import { env } from 'cloudflare:workers'; export default { a: env.A, deep: env.B.deep, use: () => env.DB.query('x') };",
  });
  const project = await loadProject({
    key: 'project-test-2',
    config: directory,
    vars: { A: 'override' },
    cloudflareWorkers: ({ env }) => ({ env }),
  });
  expect(project.module.default).toMatchObject({ a: 'override', deep: 1 });
  expect(project.module.default.use).toThrow(
    'env.DB (vectorize) cannot be used: holdfast does not have Vectorize.',
  );
  project.close();
});

test('warnings are those the caller has not seen', async () => {
  const directory = makeProject({
    'wrangler.json': {
      name: 'app',
      main: 'worker.js',
      compatibility_date: '2026-08-25',
      routes: ['a'],
    },
    'worker.js': 'export default { a: 1, a: 2 };',
  });
  const cloudflareWorkers = () => ({});
  const own = await loadProject({ key: 'project-test-4', config: directory, cloudflareWorkers });
  own.close();
  expect(own.warnings).toEqual([
    'These keys have no effect here: routes.',
    expect.stringMatching(/worker\.js:1:\d+: Duplicate key "a"/),
  ]);
  const config = resolveProject({ project: directory });
  const build = await buildProject(config);
  const given = await loadProject({ key: 'project-test-4', config, build, cloudflareWorkers });
  given.close();
  expect(given.warnings).toEqual([]);
});

test('a key is free again when the load failed', async () => {
  const directory = makeProject({
    'bad.js': 'throw new Error("no"); export default 1;',
    'good.js': 'export default 1;',
  });
  const load = (name) =>
    loadProject({
      key: 'project-test-3',
      main: `${directory}/${name}`,
      cloudflareWorkers: () => ({}),
    });
  await expect(load('bad.js')).rejects.toThrow(`${directory}/bad.js:1:7: Error: no`);
  const project = await load('good.js');
  project.close();
});
