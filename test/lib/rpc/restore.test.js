// Stubs are not stored: what the flag allow_irrevocable_stub_storage opens is refused by name (S3.8.9).
'use strict';

const { createRuntime } = require('../../support/runtime');
const { makeProject, removeProjects } = require('../../support/project-files');

const source = `
  import { DurableObject } from 'cloudflare:workers';
  export class Keeps extends DurableObject {
    restore() { return this.ctx.restore({}); }
    keep(stub) { return this.ctx.storage.put('stub', stub); }
  }
  const messageOf = (promise) => promise.then(() => 'done', ({ message }) => message);
  export default {
    async fetch(_request, { KEEPS }, ctx) {
      if (ctx.restore === undefined) return new Response('none');
      const stub = KEEPS.getByName('a');
      const refused = [ctx.restore({}), stub.restore(), stub.keep(stub)].map(messageOf);
      return Response.json(await Promise.all(refused));
    },
  };`;

afterAll(removeProjects);

/** @param {string[]} flags */
async function answer(flags) {
  const config = makeProject({
    'wrangler.json': {
      main: 'index.js',
      compatibility_date: '2026-08-25',
      compatibility_flags: flags,
      durable_objects: { bindings: [{ name: 'KEEPS', class_name: 'Keeps' }] },
      migrations: [{ tag: 'v1', new_sqlite_classes: ['Keeps'] }],
    },
    'index.js': source,
  });
  const runtime = await createRuntime({ config });
  try {
    return await (await runtime.fetch('https://x/')).text();
  } finally {
    await runtime.close();
  }
}

test('S3.8.9 with the flag, ctx.restore() and storing a stub are refused', async () => {
  const unsupported =
    'ctx.restore() (allow_irrevocable_stub_storage) is not supported by Holdfast: stubs cannot be stored.';
  expect(JSON.parse(await answer(['allow_irrevocable_stub_storage']))).toEqual([
    unsupported,
    unsupported,
    'ServiceStub cannot be serialized in this context.',
  ]);
});

test('S3.8.9 without it there is no ctx.restore()', async () => {
  expect(await answer([])).toBe('none');
});
