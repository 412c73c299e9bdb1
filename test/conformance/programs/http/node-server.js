// Servers of node:http that listen inside a Worker (`cloudflare:node`).
import http, { createServer } from 'node:http';
import { AsyncLocalStorage } from 'node:async_hooks';
import { handleAsNodeRequest, httpServerHandler } from 'cloudflare:node';
import { answer, attempt, show } from '../probe.js';

const url = 'https://worker.test/path/x?a=1&b=%20';

/** Those of a connection are no part of an answer. */
const connections = ['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding'];

/** An error of Node: its class and the rest of it differ between versions. */
const coded = async (action) => {
  try {
    return await action();
  } catch (error) {
    return error.code;
  }
};

/** @param {Response} response what of it is the program's own */
async function shown(response) {
  const headers = [...response.headers].filter(([name]) => !connections.includes(name));
  return [response.status, response.statusText, headers, await response.text()];
}

/** What a server makes of a request. */
async function served(listener, init = {}, env, ctx) {
  const server = createServer(listener).listen();
  try {
    return await shown(
      await handleAsNodeRequest(server.address(), new Request(url, init), env, ctx),
    );
  } finally {
    server.close();
  }
}

const text = async (stream) => {
  let all = '';
  for await (const chunk of stream) all += new TextDecoder().decode(chunk);
  return all;
};

const fixed = createServer((request, response) => response.end(`fixed ${request.url}`));
fixed.listen(8081);
const bound = httpServerHandler({ port: 8081 });

const probes = {
  handler: async (self, request) => [
    await shown(await bound.fetch(request)),
    await shown(await bound.fetch(new Request(url))),
    await shown(await handleAsNodeRequest(8081, new Request(url))),
    Object.keys(bound),
    fixed.listening,
    fixed.address(),
  ],
  'unbound-server': async () => {
    const server = createServer((request, response) => response.end('made to listen'));
    const before = [server.listening, server.address()];
    const handler = httpServerHandler(server);
    return [
      before,
      server.listening,
      typeof server.address().port,
      await shown(await handler.fetch(new Request(url))),
    ];
  },
  request: () =>
    served(
      async (request, response) => {
        const body = await text(request);
        const { method, url, headers, httpVersion } = request;
        const named = Object.entries(headers).filter(([name]) => name.startsWith('x-'));
        response.end(
          show([method, url, httpVersion, named, headers.host, headers['content-type'], body]),
        );
      },
      {
        method: 'POST',
        body: 'the body',
        headers: [
          ['X-One', '1'],
          ['X-Two', 'a'],
          ['X-Two', 'b'],
        ],
      },
    ),
  'only-once': () =>
    served(
      (request, response) => response.end(show([request.headers.referer, request.headers.accept])),
      {
        headers: [
          ['referer', 'a'],
          ['referer', 'b'],
          ['accept', 'a'],
          ['accept', 'b'],
        ],
      },
    ),
  response: () =>
    served((request, response) => {
      response.setHeader('X-List', ['a', 'b']);
      response.setHeader('Set-Cookie', ['a=1', 'b=2']);
      response.writeHead(418, { 'Content-Type': 'text/plain' });
      response.write('one ');
      response.end('two');
    }),
  empty: async () => [
    await served((request, response) => response.writeHead(204).end()),
    await served((request, response) => response.writeHead(304).end()),
    await served((request, response) => response.end('nobody reads it'), { method: 'HEAD' }),
  ],
  'shorter-body': async () => {
    const server = createServer((request, response) => {
      response.setHeader('content-length', '10');
      response.end('short');
    }).listen();
    const response = await handleAsNodeRequest(server.address(), new Request(url));
    server.close();
    return [response.headers.get('content-length'), await response.text()];
  },
  streams: async () => {
    const server = createServer(async (request, response) => {
      for await (const chunk of request) response.write(chunk);
      response.end('!');
    }).listen();
    const { readable, writable } = new TransformStream();
    const writer = writable.getWriter();
    const asked = new Request(url, { method: 'POST', body: readable, duplex: 'half' });
    const answered = handleAsNodeRequest(server.address(), asked);
    writer.write(new TextEncoder().encode('first'));
    const reader = (await answered).body.getReader();
    const first = new TextDecoder().decode((await reader.read()).value);
    writer.write(new TextEncoder().encode('second'));
    const second = new TextDecoder().decode((await reader.read()).value);
    writer.close();
    const third = new TextDecoder().decode((await reader.read()).value);
    const { done } = await reader.read();
    server.close();
    return [first, second, third, done];
  },
  large: async () => {
    const [status, , , body] = await served(
      async (request, response) => {
        const body = await text(request);
        response.end(body + body);
      },
      { method: 'POST', body: 'x'.repeat(300_000) },
    );
    return [status, body.length];
  },
  given: () =>
    served(
      (request, response) => response.end(show([request.cloudflare.env, request.cloudflare.ctx])),
      {},
      { NAME: 'env' },
      { name: 'ctx' },
    ),
  throws: () =>
    [
      attempt(() =>
        served(() => {
          throw new TypeError('of the listener');
        }),
      ),
    ].at(0),
  context: async () => {
    const storage = new AsyncLocalStorage();
    return storage.run('mine', () =>
      served(async (request, response) => {
        await scheduler.wait(1);
        response.end(String(storage.getStore()));
      }),
    );
  },
  listens: async () => {
    const server = http.createServer();
    const events = [];
    server.on('listening', () => events.push('listening'));
    server.on('close', () => events.push('close'));
    const made = server.listen(8082, () => events.push('callback'));
    const port = server.address().port;
    const twice = await coded(() => server.listen(8083).listening);
    const taken = await coded(() => createServer().listen(8082).listening);
    await scheduler.wait(1);
    const closed = new Promise((resolve) => server.close(() => resolve('closed')));
    return [
      made === server,
      port,
      twice,
      taken,
      events.slice(),
      await closed,
      events,
      server.listening,
      server.address(),
    ];
  },
  refused: async () => [
    await attempt(() => httpServerHandler()),
    await attempt(() => httpServerHandler(null)),
    await attempt(() => httpServerHandler({})),
    await attempt(() => httpServerHandler(-1)),
    await attempt(() => httpServerHandler(65536)),
    await attempt(() => httpServerHandler('8081')),
    await attempt(() => handleAsNodeRequest(9, new Request(url))),
    await attempt(() => handleAsNodeRequest({}, new Request(url))),
    await attempt(() => handleAsNodeRequest(undefined, new Request(url))),
    await coded(() => createServer().listen(65536).listening),
    await attempt(async () => (await httpServerHandler(7).fetch(new Request(url))).status),
  ],
};

export default { fetch: (request, env) => answer(probes, request, env) };
