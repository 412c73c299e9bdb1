// Static assets beyond what conformance shows (S8.7.1): files that change, what must not be served, who asks.
'use strict';

const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { createRuntime } = require('../../support/runtime');
const { makeProject, removeProjects, writeFiles } = require('../../support/project-files');

/** @type {any} */
let runtime;
afterEach(async () => {
  jest.restoreAllMocks();
  await runtime?.close();
  runtime = undefined;
});
afterAll(removeProjects);

const kWorker = `
import { WorkerEntrypoint } from 'cloudflare:workers';
export default class extends WorkerEntrypoint {
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    const to = searchParams.get('to');
    if (pathname === '/self') return this.env.SELF.fetch('http://x' + to);
    if (pathname === '/loopback') return this.ctx.exports.default.fetch('http://x' + to);
    if (pathname === '/rpc') return new Response(await this.env.SELF.hello());
    return new Response('the Worker: ' + pathname);
  }
  hello() { return 'hello'; }
}
`;

/**
 * @param {Record<string, string>} files below `public`
 * @param {object} [assets]
 * @param {object} [config]
 */
async function site(files, assets = {}, config = {}) {
  const directory = makeProject({
    'worker.js': kWorker,
    'wrangler.json': {
      name: 'site',
      main: 'worker.js',
      compatibility_date: '2026-08-25',
      assets: { directory: 'public', ...assets },
      ...config,
    },
    ...inPublic(files),
  });
  runtime = await createRuntime({ config: directory });
  return directory;
}

/** @param {Record<string, string>} files */
const inPublic = (files) =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`public/${name}`, text]));

/** @param {string} target @param {object} [init] */
const get = (target, init) => runtime.fetch(`http://x${target}`, init);
const text = async (/** @type {string} */ target) => (await get(target)).text();

test('what changes on the disk is served as it is, with another tag', async () => {
  const directory = await site({ 'a.txt': 'before', 'gone.txt': 'x' });
  const before = await get('/a.txt');
  expect(await before.text()).toBe('before');
  writeFiles(directory, inPublic({ 'a.txt': 'after, and longer', 'new.txt': 'new' }));
  fs.rmSync(path.join(directory, 'public/gone.txt'));
  const after = await get('/a.txt', { headers: { 'if-none-match': before.headers.get('etag') } });
  expect(after.status).toBe(200);
  expect(await after.text()).toBe('after, and longer');
  expect((await get('/gone.txt')).status).toBe(404);
  expect(await text('/new.txt')).toBe('the Worker: /new.txt');
  await runtime.reloadAssets();
  expect(await text('/new.txt')).toBe('new');
  expect(await text('/gone.txt')).toBe('the Worker: /gone.txt');
});

test('a directory that vanished is complained of, and what is left is served on', async () => {
  const directory = await site({ 'a.txt': 'a' });
  fs.renameSync(path.join(directory, 'public'), path.join(directory, 'moved'));
  await expect(runtime.reloadAssets()).rejects.toThrow(
    'The directory specified by the "assets.directory" field in your configuration file does not exist: ',
  );
  fs.renameSync(path.join(directory, 'moved'), path.join(directory, 'public'));
  expect(await text('/a.txt')).toBe('a');
});

test('a long file is streamed, and a reader that leaves closes it', async () => {
  const long = 'x'.repeat(1_000_000);
  await site({ 'long.txt': long });
  const response = await get('/long.txt');
  const reader = response.body.getReader();
  const { value } = await reader.read();
  expect(value.byteLength).toBeLessThan(long.length);
  await reader.cancel();
  expect((await text('/long.txt')) === long).toBe(true);
  const open = fs.readdirSync('/proc/self/fd').map((fd) => {
    try {
      return fs.readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return ''; // of the listing itself
    }
  });
  expect(open.filter((name) => name.endsWith('long.txt'))).toEqual([]);
});

test('nothing outside of the directory is served, nor what Holdfast keeps in it', async () => {
  const directory = await site(
    { 'a.txt': 'a', '.holdfast/data/secret': 'secret', 'sub/.holdfast/secret': 'secret' },
    {},
    { vars: {} },
  );
  fs.symlinkSync(directory, path.join(directory, 'public/up'));
  fs.symlinkSync(path.join(directory, 'public/a.txt'), path.join(directory, 'public/link.txt'));
  await runtime.reloadAssets();
  for (const target of [
    ...['/.holdfast/data/secret', '/sub/.holdfast/secret', '/up/wrangler.json'],
    ...[
      '/..%2fwrangler.json',
      '/%2e%2e/wrangler.json',
      '/%2e%2e%2fwrangler.json',
      '/..%5cwrangler.json',
    ],
  ])
    expect(await text(target)).toMatch(/^the Worker: /);
  expect(await text('/link.txt')).toBe('a');
});

test('a service binding is answered by assets first; its RPC and ctx.exports lead to the code', async () => {
  await site({ 'a.txt': 'a' }, {}, { services: [{ binding: 'SELF', service: 'site' }] });
  expect(await text('/self?to=/a.txt')).toBe('a');
  expect(await text('/self?to=/other')).toBe('the Worker: /other');
  expect(await text('/loopback?to=/a.txt')).toBe('the Worker: /a.txt');
  expect(await text('/rpc')).toBe('hello');
});

test('assets are served over HTTP, with their length, and behind a node:http server', async () => {
  const long = 'x'.repeat(300_000);
  await site({ 'a.txt': 'a', 'long.txt': long });
  const { url } = await runtime.listen({ port: 0 });
  const server = http.createServer(runtime.requestListener);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  for (const origin of [url, `http://127.0.0.1:${port}/`]) {
    for (const [name, length] of [
      ['a.txt', 1],
      ['long.txt', long.length],
    ]) {
      const { headers, body } = await request(new URL(String(name), origin));
      // node:http sends what it is given at once in chunks.
      if (origin === url) expect(headers['content-length']).toBe(String(length));
      expect(headers['content-type']).toBe('text/plain; charset=utf-8');
      expect(body.length).toBe(length);
    }
  }
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** @param {URL} url @returns {Promise<{headers: http.IncomingHttpHeaders, body: string}>} */
function request(url) {
  return new Promise((resolve, reject) => {
    const sent = http.get(url, { agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => (body += chunk));
      response.on('end', () => resolve({ headers: response.headers, body }));
    });
    sent.on('error', reject);
  });
}

test('lines of _headers and _redirects that are ignored are named in warnings', async () => {
  const warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
  await site({ _headers: 'X-A: b\n/x\n', _redirects: '/a\n/b /c 404\n' });
  const lines = warn.mock.calls.map(([line]) => line);
  expect(lines).toEqual([
    'warning: _headers: line 1 is ignored: Path should come before header (x-a: b)',
    'warning: _headers: line 2 is ignored: No headers specified',
    'warning: _redirects: line 1 is ignored: Expected exactly 2 or 3 whitespace-separated tokens. Got 1.',
    'warning: _redirects: line 2 is ignored: Valid status codes are 200, 301, 302 (default), 303, 307, or 308. Got 404.',
  ]);
});

test('a project may have assets alone', async () => {
  const directory = makeProject({
    'wrangler.json': { name: 'only', compatibility_date: '2026-08-25', assets: { directory: '.' } },
    'index.html': '<p>',
  });
  runtime = await createRuntime({ config: directory });
  expect(await text('/')).toBe('<p>');
  expect((await get('/none')).status).toBe(404);
});

test('what the caller gives stands in place of the binding', async () => {
  const own = { fetch: () => 'own' };
  const directory = makeProject({
    'worker.js': kWorker,
    'wrangler.json': {
      main: 'worker.js',
      compatibility_date: '2026-08-25',
      assets: { directory: 'public', binding: 'ASSETS' },
    },
    'public/a.txt': 'a',
  });
  runtime = await createRuntime({ config: directory, bindings: { ASSETS: own } });
  expect(runtime.env.ASSETS).toBe(own);
});
