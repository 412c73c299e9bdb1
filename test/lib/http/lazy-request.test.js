// A request costs what its handler looks at: counted, as objects that are there afterwards and as calls of the addon.
'use strict';

const { execFile } = require('node:child_process');
const path = require('node:path');
const { promisify } = require('node:util');
const { makeProject, removeProjects } = require('../../support/project-files');

const PROGRAM = path.join(__dirname, 'programs/lazy-request.js');

// The requests are kept, so that whatever belongs to them is there to be counted.
const project = (/** @type {string} */ look, /** @type {string} */ via) => ({
  'wrangler.json': JSON.stringify({
    name: 'lazy',
    main: 'worker.mjs',
    compatibility_date: '2026-11-01',
    vars: { VIA: via },
    durable_objects: { bindings: [{ name: 'PLAIN', class_name: 'Plain' }] },
    migrations: [{ tag: 'v1', new_sqlite_classes: ['Plain'] }],
  }),
  'worker.mjs': `
    import { DurableObject } from 'cloudflare:workers';
    const kept = [];
    const look = ${look};
    function answer(request) {
      kept.push(request);
      return new Response(look(request));
    }
    export class Plain extends DurableObject {
      fetch(request) { return answer(request); }
    }
    export default {
      fetch(request, env) {
        return env.VIA === 'object' ? env.PLAIN.getByName('one').fetch(request) : answer(request);
      },
    };`,
});

afterAll(removeProjects);

/**
 * What there is more than before and what was called, for each request.
 * @param {string} look what the handler does with a request
 * @param {{via?: 'worker' | 'object', body?: string}} [how]
 * @returns {Promise<{made: Record<string, number>, called: Record<string, number>}>}
 */
async function costOf(look, { via = 'worker', body } = {}) {
  const config = path.join(makeProject(project(look, via)), 'wrangler.json');
  const { stdout } = await promisify(execFile)(process.execPath, [
    PROGRAM,
    config,
    ...(body ? [body] : []),
  ]);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

test.each([
  ['nothing', "() => 'x'"],
  ['the url', '({ url }) => new URL(url).pathname'],
])('a handler that looks at %s gets a Request and no more', async (_what, look) => {
  const { made, called } = await costOf(look);
  expect(made).toEqual({ Request: 1 });
  // Nothing is fetched from the addon.
  expect(called).toEqual({ respond: 1 });
});

test.each([
  ['the headers', "({ headers }) => headers.get('accept')", { Headers: 1 }],
  ['the signal', '({ signal }) => String(signal.aborted)', { AbortSignal: 1 }],
])('one that looks at %s pays for that', async (_what, look, more) => {
  expect(await costOf(look)).toEqual({
    made: { Request: 1, ...more },
    called: { respond: 1 },
  });
});

test('a short body is no stream before somebody asks for one', async () => {
  expect((await costOf('({ url }) => url', { body: 'body' })).made).toEqual({ Request: 1 });
  const read = await costOf('({ body }) => String(body !== null)', { body: 'body' });
  expect(read.made.ReadableStream).toBeGreaterThan(0);
});

test('S1.8.2 an object gets a Request of its own, and no more either', async () => {
  const { made } = await costOf('({ url }) => url', { via: 'object' });
  expect(made).toEqual({ Request: 1 });
});
