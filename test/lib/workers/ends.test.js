'use strict';

// What outside of the process is there for an invocation or an object, and their end (S2.7.4, S9.1.2); what programs can see of it is in the
// conformance program lifecycle/ends.

const { once } = require('node:events');
const http = require('node:http');
const net = require('node:net');
const { boundRuntime } = require('../../support/bound-project');
const { removeProjects } = require('../../support/project-files');

/** @type {(() => unknown)[]} */
const closers = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});
afterAll(removeProjects);

/** @param {http.Server | net.Server} server @returns {Promise<number>} its port */
async function listen(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.close();
    if (server instanceof http.Server) server.closeAllConnections();
  });
  return /** @type {net.AddressInfo} */ (server.address()).port;
}

function withResolvers() {
  /** @type {(value: any) => void} */
  let resolve = () => {};
  const promise = new Promise((settle) => (resolve = settle));
  return { promise, resolve };
}

const source = `
  import { connect } from 'cloudflare:sockets';
  import { DurableObject, waitUntil } from 'cloudflare:workers';
  const ways = {
    pending: (port) => {
      fetch('http://127.0.0.1:' + port + '/pending').catch(() => {});
      return fetch('http://127.0.0.1:' + port + '/asked').then((response) => response.text());
    },
    body: (port) => fetch('http://127.0.0.1:' + port + '/body'),
    tcp: (port) => connect('127.0.0.1:' + port).opened,
  };
  export class Thing extends DurableObject {
    async breaks(way, port) {
      await ways[way](port);
      this.ctx.abort('on purpose');
    }
  }
  export default {
    async fetch(request, env, ctx) {
      const [, who, way, port] = new URL(request.url).pathname.split('/');
      if (who === 'aborted') {
        ctx.waitUntil(scheduler.wait(60_000));
        ctx.abort(new Error('on purpose'));
      }
      if (who === 'object') await env.THING.getByName(way).breaks(way, Number(port)).catch(() => {});
      else await ways[way](Number(port));
      return new Response('answered');
    },
  };
`;

async function start() {
  const runtime = await boundRuntime(
    {
      durable_objects: { bindings: [{ name: 'THING', class_name: 'Thing' }] },
      migrations: [{ tag: 'v1', new_sqlite_classes: ['Thing'] }],
    },
    { source },
  );
  closers.push(() => runtime.close());
  return runtime;
}

describe.each([
  ['S9.1.2 an invocation has ended', 'worker'],
  ['S2.7.4 an object has broken', 'object'],
])('%s', (_name, who) => {
  test.each(['pending', 'body'])('its fetch is cut: %s', async (way) => {
    const runtime = await start();
    const asked = withResolvers();
    const closed = withResolvers();
    const server = http.createServer(async (request, response) => {
      if (request.url === '/asked') {
        await asked.promise;
        response.end();
        return;
      }
      response.once('close', closed.resolve);
      asked.resolve(undefined);
      if (way === 'body') response.write('never complete');
    });
    const port = await listen(server);
    expect(await (await runtime.fetch(`http://a.test/${who}/${way}/${port}`)).text()).toBe(
      'answered',
    );
    await closed.promise;
  });

  test('its TCP connection is cut', async () => {
    const runtime = await start();
    const server = net.createServer((socket) => socket.on('error', () => {}).resume());
    const closed = once(server, 'connection').then(([socket]) => once(socket, 'close'));
    const port = await listen(server);
    expect(await (await runtime.fetch(`http://a.test/${who}/tcp/${port}`)).text()).toBe('answered');
    await closed;
  });
});

test('S1.14.7 the runtime does not wait for what an aborted invocation gave to waitUntil()', async () => {
  const runtime = await start();
  await expect(runtime.fetch('http://a.test/aborted')).rejects.toThrow('on purpose');
  const begin = performance.now();
  await runtime.close();
  expect(performance.now() - begin).toBeLessThan(20_000); // it waits 30 s for what may still settle
});
