// Where a runtime listens: TLS, paths, several addresses, behind a proxy.
'use strict';

const { once } = require('node:events');
const fs = require('node:fs');
const http = require('node:http');
const https = require('node:https');
const path = require('node:path');
const tls = require('node:tls');
const { createRuntime } = require('../../support/runtime');
const { selfSigned } = require('../../support/certificate');
const { makeProject, removeProjects } = require('../../support/project-files');
const { temporaryDirectory } = require('../../support/server');

const SOURCE = `export default {
  fetch: (request) => new Response(request.url + ' ' + request.headers.get('cf-connecting-ip')),
};`;

/** @type {any[]} */
const open = [];
afterEach(() => Promise.all(open.splice(0).map((runtime) => runtime.close())));
afterAll(removeProjects);

async function start(options = {}) {
  const main = path.join(makeProject({ 'worker.mjs': SOURCE }), 'worker.mjs');
  const runtime = await createRuntime({ main, ...options });
  open.push(runtime);
  return runtime;
}

/** @param {typeof http | typeof https} client @param {https.RequestOptions} options */
async function ask(client, options) {
  const request = client.get({ agent: false, rejectUnauthorized: false, path: '/', ...options });
  const [response] = await once(request, 'response');
  let text = '';
  for await (const chunk of response) text += chunk;
  return text;
}

test('several addresses of one runtime, one of them a path', async () => {
  const runtime = await start();
  const socketPath = path.join(temporaryDirectory('listen'), 'socket');
  const one = await runtime.listen({ port: 0 });
  const two = await runtime.listen({ port: 0, reusePort: true });
  expect(await runtime.listen({ path: socketPath })).toEqual({
    url: `unix:${socketPath}`,
    port: 0,
    host: '',
    path: socketPath,
  });
  const headers = { host: 'h' };
  for (const where of [{ port: one.port }, { port: two.port }, { socketPath }])
    expect(await ask(http, { ...where, headers })).toBe('http://h/ null');
});

test('TLS: the URL says https, and a new certificate is taken without a restart', async () => {
  const runtime = await start();
  const files = selfSigned('first');
  const { certFile, keyFile } = files;
  const { port, url } = await runtime.listen({ port: 0, tls: { certFile, keyFile } });
  expect(url).toBe(`https://127.0.0.1:${port}`);
  expect(await ask(https, { port, headers: { host: 'h' } })).toBe('https://h/ null');
  const next = selfSigned('second');
  fs.writeFileSync(keyFile, next.key);
  fs.writeFileSync(certFile, next.cert);
  for (let subject = ''; subject !== 'second';) {
    const socket = tls.connect({ port, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    subject = String(socket.getPeerCertificate().subject.CN);
    socket.destroy();
  }
});

test('TLS: of new files that do not fit one line tells, once, and the last certificate stays', async () => {
  const warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
  const runtime = await start();
  const { certFile, keyFile } = selfSigned('first');
  const { port } = await runtime.listen({ port: 0, tls: { certFile, keyFile } });
  const untilWarned = async (/** @type {number} */ times) => {
    while (warn.mock.calls.length < times) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  const next = selfSigned('second');
  fs.writeFileSync(keyFile, next.key);
  await untilWarned(1);
  // Something else beside them changes, and they a last time, which tells that the former changed nothing.
  fs.writeFileSync(path.join(path.dirname(certFile), 'other'), '');
  await new Promise((resolve) => setTimeout(resolve, 300));
  fs.writeFileSync(certFile, 'none');
  await untilWarned(2);
  const lines = warn.mock.calls.map(([line]) => line);
  warn.mockRestore();
  expect(lines).toEqual([
    expect.stringMatching(
      /^warning: .*cert\.pem and .*key\.pem cannot be used: .*key values mismatch/,
    ),
    expect.stringMatching(/cannot be used: .*The last certificate stays\.$/),
  ]);
  const socket = tls.connect({ port, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  expect(socket.getPeerCertificate().subject.CN).toBe('first');
  socket.destroy();
});

test('TLS: files that do not fit are refused', async () => {
  const runtime = await start();
  const { certFile } = selfSigned();
  const { keyFile } = selfSigned();
  await expect(runtime.listen({ port: 0, tls: { certFile, keyFile } })).rejects.toThrow(/key/i);
  await expect(runtime.listen({ port: 0, tls: { certFile: '/nowhere', keyFile } })).rejects.toThrow(
    'ENOENT',
  );
});

test('a trusted proxy says who the client is', async () => {
  const runtime = await start({ trustedProxies: 1 });
  const { port } = await runtime.listen({ port: 0 });
  const headers = {
    host: 'inner',
    'x-forwarded-for': '6.6.6.6, 203.0.113.7',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'outer.example',
  };
  expect(await ask(http, { port, headers })).toBe('https://outer.example/ 203.0.113.7');
  expect(await ask(http, { port, headers: { host: 'inner' } })).toBe('http://inner/ 127.0.0.1');
});

test.each([
  [{ path: '' }, 'path is the path of a socket'],
  [{ path: '/a', port: 1 }, 'takes the place of port'],
  [{ path: 5 }, 'path is a string'],
  [{ reusePort: 1 }, 'reusePort is true or false'],
  [{ tls: { certFile: 'a' } }, 'tls.keyFile is the path of a file'],
  [{ tls: { certFile: 'a', keyFile: 'b', ca: 'c' } }, 'tls has no option ca'],
  [{ tls: { certFile: 'a', keyFile: 'b' }, reusePort: true }, 'not supported together with tls'],
])('listen(%j) is refused', async (options, message) => {
  const runtime = await start();
  await expect(runtime.listen(options)).rejects.toThrow(message);
});
