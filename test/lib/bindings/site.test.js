// Workers Sites (S8.7.1), beyond what the programs of test/conformance show: with Cloudflare's own handler, and what is refused.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { boundRuntime } = require('../../support/bound-project');
const { makeProject, removeProjects, writeFiles } = require('../../support/project-files');
const { createRuntime } = require('../../support/runtime');
const { watchSite } = require('../../../lib/cli/watch-site');

/** @type {any[]} */
const open = [];
beforeEach(() => jest.spyOn(console, 'warn').mockImplementation(() => {}));
afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all(open.splice(0).map((opened) => opened.close()));
});
afterAll(removeProjects);

const HANDLER = require.resolve('@cloudflare/kv-asset-handler');
const FILES = {
  'public/index.html': '<h1>index</h1>',
  'public/docs/index.html': '<h1>docs</h1>',
  'public/app.css': 'a{}',
};
const BASE = {
  name: 'site',
  main: 'index.js',
  compatibility_date: '2026-08-25',
  site: { bucket: 'public' },
};

/** @param {string} source @param {object} [site] */
async function start(source, site) {
  const directory = makeProject({
    ...FILES,
    'wrangler.json': { ...BASE, site: { ...BASE.site, ...site } },
    'index.js': source,
  });
  const runtime = await createRuntime({ config: directory });
  open.push(runtime);
  return { directory, runtime };
}

/** @param {any} runtime @param {string} where */
async function get(runtime, where) {
  const response = await runtime.fetch(`http://a.test${where}`);
  return [response.status, response.headers.get('content-type'), await response.text()];
}

const MODULE = `
  import { getAssetFromKV, NotFoundError } from ${JSON.stringify(HANDLER)};
  import manifestJSON from '__STATIC_CONTENT_MANIFEST';
  const ASSET_MANIFEST = JSON.parse(manifestJSON);
  export default {
    async fetch(request, env, ctx) {
      const event = { request, waitUntil: (promise) => ctx.waitUntil(promise) };
      try {
        return await getAssetFromKV(event, { ASSET_NAMESPACE: env.__STATIC_CONTENT, ASSET_MANIFEST });
      } catch (error) {
        return new Response(String(error instanceof NotFoundError), { status: 404 });
      }
    },
  };`;
const SERVICE_WORKER = `
  import { getAssetFromKV } from ${JSON.stringify(HANDLER)};
  addEventListener('fetch', (event) => {
    event.respondWith(getAssetFromKV(event).catch((error) => new Response(error.name, { status: 404 })));
  });`;

test.each([
  ['ES modules', MODULE],
  ['Service Worker syntax', SERVICE_WORKER],
])("Cloudflare's handler serves the files: %s", async (_, source) => {
  const { directory, runtime } = await start(source);
  expect(await get(runtime, '/')).toEqual([200, 'text/html; charset=utf-8', '<h1>index</h1>']);
  expect(await get(runtime, '/docs/')).toEqual([200, 'text/html; charset=utf-8', '<h1>docs</h1>']);
  expect(await get(runtime, '/app.css')).toEqual([200, 'text/css; charset=utf-8', 'a{}']);
  expect((await get(runtime, '/none'))[0]).toBe(404);
  // The handler puts what it served into the cache, which must not keep it.
  fs.writeFileSync(path.join(directory, 'public/app.css'), 'b{}');
  expect((await get(runtime, '/app.css'))[2]).toBe('b{}');
});

test('nothing can be written', async () => {
  const { runtime } = await start('export default { fetch: () => new Response() };');
  const site = runtime.env.__STATIC_CONTENT;
  await expect(site.put('a', 'b')).rejects.toThrow(
    'KV PUT failed: 405 Cannot put() with Workers Sites namespace',
  );
});

test('no key leads out of the directory', async () => {
  const { runtime } = await start('export default { fetch: () => new Response() };');
  const site = runtime.env.__STATIC_CONTENT;
  const prefix = '$__MINIFLARE_SITES__$/';
  for (const key of ['../index.js', 'docs/../../index.js', `${prefix}..%2Findex.js`, `${prefix}%`])
    expect(await site.get(key)).toBeNull();
  expect(await site.get('docs/../index.html')).toBe('<h1>index</h1>');
});

test('an object gets the files, too', async () => {
  const source = `
    import { DurableObject } from 'cloudflare:workers';
    export class Reader extends DurableObject {
      read(path) { return this.env.__STATIC_CONTENT.get(path); }
    }
    export default { fetch: () => new Response() };`;
  const runtime = await boundRuntime(
    {
      site: { bucket: 'public', include: ['*.css'] },
      durable_objects: { bindings: [{ name: 'READER', class_name: 'Reader' }] },
      migrations: [{ tag: 'v1', new_sqlite_classes: ['Reader'] }],
    },
    { source, files: FILES },
  );
  open.push(runtime);
  const reader = runtime.env.READER.getByName('a');
  expect(await reader.read('app.css')).toBe('a{}');
  expect(await reader.read('index.html')).toBeNull();
});

test('the list of keys without a site is an error that says so', async () => {
  const directory = makeProject({
    'wrangler.json': { ...BASE, site: undefined },
    'index.js':
      "import m from '__STATIC_CONTENT_MANIFEST'; export default { fetch: () => new Response(m) };",
  });
  await expect(createRuntime({ config: directory })).rejects.toThrow(
    'No such module "__STATIC_CONTENT_MANIFEST": the configuration has no "site".',
  );
});

test.each([
  [{}, '"site.bucket" is a required field.'],
  [{ bucket: 1 }, 'Expected "site.bucket" to be of type string but got 1.'],
  [{ bucket: 'nowhere' }, /nowhere: is no directory, but "site.bucket" names it/],
  [
    { bucket: '.', include: 'a' },
    'Expected "site.include" to be of type array of strings but got "a".',
  ],
])('the config is checked: %j', async (site, message) => {
  await expect(boundRuntime({ site })).rejects.toThrow(message);
});

test('files that come and go are noticed, and changes of their content are not', async () => {
  const directory = makeProject(FILES);
  const site = { directory: path.join(directory, 'public'), include: [], exclude: ['drafts'] };
  /** @type {() => void} */
  let noticed = () => {};
  const calls = jest.fn(() => noticed());
  open.push(watchSite(site, calls));
  const next = () => new Promise((resolve) => (noticed = () => resolve(undefined)));
  const added = next();
  writeFiles(directory, {
    'public/app.css': 'b{}',
    'public/drafts/a.html': '',
    'public/new.html': '',
  });
  await added;
  const removed = next();
  fs.rmSync(path.join(directory, 'public/new.html'));
  await removed;
  expect(calls).toHaveBeenCalledTimes(2);
});
