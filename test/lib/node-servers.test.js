'use strict';

// `cloudflare:node` beyond what conformance shows (S9.3): whose ports they are, and that only bundles that have it are concerned.

const net = require('node:net');
const { boundRuntime } = require('../support/bound-project');
const { removeProjects } = require('../support/project-files');

/** @type {any[]} */
const open = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((runtime) => runtime.close()));
});
afterAll(removeProjects);

/** @param {string} source */
async function start(source) {
  const runtime = await boundRuntime({ compatibility_flags: ['nodejs_compat'] }, { source });
  open.push(runtime);
  return runtime;
}

/** @param {number} port @returns {Promise<boolean>} of this machine */
const isTaken = (port) =>
  new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(socket.destroy() !== undefined));
    socket.once('error', () => resolve(false));
  });

/** A port that nobody has. @returns {Promise<number>} */
async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = /** @type {net.AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** @param {number} port @param {string} text */
const server = (port, text) => `
  const http = require('http');
  import { httpServerHandler } from 'cloudflare:node';
  http.createServer((request, response) => response.end('${text} ' + request.url)).listen(${port});
  export default httpServerHandler({ port: ${port} });
`;

test("ports are a Worker's own, and none of the machine's", async () => {
  const port = await freePort();
  const [one, other] = [await start(server(port, 'one')), await start(server(port, 'other'))];
  const ask = async (runtime) => (await runtime.fetch('http://a.test/x?y')).text();
  expect([await ask(one), await ask(other)]).toEqual(['one /x?y', 'other /x?y']);
  expect(await isTaken(port)).toBe(false);
});

test('new code listens at the port of the old code', async () => {
  const port = await freePort();
  const runtime = await start(server(port, 'old'));
  expect(await runtime.reload()).toBe(true);
  expect(await (await runtime.fetch('http://a.test/')).text()).toBe('old /');
});

test('a listener calls objects and bindings as the request that it answers', async () => {
  const runtime = await boundRuntime(
    { compatibility_flags: ['nodejs_compat'], kv_namespaces: [{ binding: 'KV', id: 'kv' }] },
    {
      source: `
        import { createServer } from 'node:http';
        import { httpServerHandler } from 'cloudflare:node';
        const server = createServer(async (request, response) => {
          const { env, ctx } = request.cloudflare;
          await env.KV.put('at', request.url);
          ctx.waitUntil(Promise.resolve());
          response.end(await env.KV.get('at'));
        });
        export default httpServerHandler(server);
      `,
    },
  );
  open.push(runtime);
  expect(await (await runtime.fetch('http://a.test/here')).text()).toBe('/here');
});

test('a client that leaves closes the connection of the listener', async () => {
  const runtime = await start(`
    import { createServer } from 'node:http';
    import { httpServerHandler } from 'cloudflare:node';
    let closed;
    const left = new Promise((resolve) => (closed = resolve));
    const server = createServer(async (request, response) => {
      if (request.url === '/left') return response.end(await left);
      response.once('close', () => closed('closed'));
      response.write('begun');
    });
    export default httpServerHandler(server);
  `);
  const reader = (await runtime.fetch('http://a.test/')).body.getReader();
  expect(new TextDecoder().decode((await reader.read()).value)).toBe('begun');
  await reader.cancel();
  expect(await (await runtime.fetch('http://a.test/left')).text()).toBe('closed');
});

test("without the module a server is Node's, with a port of the machine", async () => {
  const runtime = await start(`
    import http from 'node:http';
    import { createRequire } from 'node:module';
    const same = http.Server === createRequire('/').call(null, 'node:http').Server;
    export default {
      async fetch() {
        const server = http.createServer((request, response) => response.end('over the network'));
        await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
        const answer = await (await fetch('http://127.0.0.1:' + server.address().port)).text();
        await new Promise((resolve) => server.close(resolve));
        return Response.json([same, answer]);
      },
    };
  `);
  expect(await (await runtime.fetch('http://a.test/')).json()).toEqual([true, 'over the network']);
});
