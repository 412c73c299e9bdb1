// Bindings that Holdfast does not have, in a running Worker (S8.1.7): they are there, their use says what is missing and what to do, and
// what the caller brings takes their place.
'use strict';

const { boundRuntime } = require('../support/bound-project');
const { removeProjects } = require('../support/project-files');

/** Each kind as wrangler's configuration has it, and how a Worker uses it. */
const kinds = /** @type {[string, object, string][]} */ ([
  ['ai', { ai: { binding: 'X' } }, "env.X.run('model', {})"],
  [
    'vectorize',
    { vectorize: [{ binding: 'X', index_name: 'i' }] },
    'env.X.query([1], { topK: 1 })',
  ],
  ['browser', { browser: { binding: 'X' } }, "env.X.fetch('http://a.test/')"],
  ['hyperdrive', { hyperdrive: [{ binding: 'X', id: 'i' }] }, 'env.X.connectionString'],
  [
    'workflows',
    { workflows: [{ binding: 'X', name: 'w', class_name: 'W' }] },
    "env.X.create({ id: 'a' })",
  ],
  [
    'analytics_engine_datasets',
    { analytics_engine_datasets: [{ binding: 'X' }] },
    'env.X.writeDataPoint({})',
  ],
  [
    'dispatch_namespaces',
    { dispatch_namespaces: [{ binding: 'X', namespace: 'n' }] },
    "env.X.get('worker')",
  ],
  [
    'mtls_certificates',
    { mtls_certificates: [{ binding: 'X', certificate_id: 'c' }] },
    "env.X.fetch('http://a.test/')",
  ],
  ['images', { images: { binding: 'X' } }, 'env.X.input(null)'],
  ['pipelines', { pipelines: [{ binding: 'X', pipeline: 'p' }] }, 'env.X.send([])'],
  ['worker_loaders', { worker_loaders: [{ binding: 'X' }] }, "env.X.get('w', () => {})"],
]);

/** @type {any[]} */
const open = [];
beforeEach(() => jest.spyOn(console, 'warn').mockImplementation(() => {}));
afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all(open.splice(0).map((runtime) => runtime.close()));
});
afterAll(removeProjects);

/** @param {object} config @param {string} use @param {object} [options] */
async function run(config, use, options = {}) {
  const source = `
    import { DurableObject } from 'cloudflare:workers';
    export class Room extends DurableObject {
      look() { return this.ctx.container === undefined ? 'none' : this.ctx.container.running; }
    }
    export default { async fetch(request, env) {
      try { return new Response(String(await ${use})); }
      catch (error) { return new Response(\`\${error.name}: \${error.message}\`, { status: 501 }); }
    } };`;
  const runtime = await boundRuntime(config, { source, ...options });
  open.push(runtime);
  const response = await runtime.fetch('http://a.test/');
  return `${response.status} ${await response.text()}`;
}

test.each(kinds)('%s: its use names it and the way out', async (kind, config, use) => {
  const text = await run(config, use);
  expect(text).toMatch(
    new RegExp(`^501 Error: env\\.X \\(${kind}\\) cannot be used: holdfast does not have .+\\.`),
  );
  expect(text).toContain('give it to createRuntime({ bindings: { X: myImplementation } }).');
});

test('what the caller brings takes its place', async () => {
  const bindings = { X: { run: async (/** @type {string} */ model) => `answer of ${model}` } };
  expect(await run({ ai: { binding: 'X' } }, "env.X.run('m')", { bindings })).toBe(
    '200 answer of m',
  );
  expect(console.warn).not.toHaveBeenCalled();
});

test('ctx.container is refused where a container is configured, and undefined elsewhere', async () => {
  const objects = {
    durable_objects: { bindings: [{ name: 'ROOM', class_name: 'Room' }] },
    migrations: [{ tag: 'v1', new_sqlite_classes: ['Room'] }],
  };
  const use = "env.ROOM.getByName('a').look()";
  expect(await run(objects, use)).toBe('200 none');
  const containers = [{ class_name: 'Room', image: './Dockerfile' }];
  expect(await run({ ...objects, containers }, use)).toBe(
    '501 Error: ctx.container of Room cannot be used: holdfast does not have Containers.',
  );
});
