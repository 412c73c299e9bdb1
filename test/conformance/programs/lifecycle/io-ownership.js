import { DurableObject, RpcStub, WorkerEntrypoint } from 'cloudflare:workers';
import { answer, attempt } from '../probe.js';

/** What one context leaves for another. */
const left = {};

/** Things of one context, and what another does with them. */
const things = {
  'own-stream': {
    make: () => new ReadableStream({ pull: (c) => c.enqueue(new Uint8Array(1)) }),
    use: (stream) => stream.getReader().read(),
  },
  'response-text': { make: () => new Response('text'), use: (response) => response.text() },
  'response-read': {
    make: () => new Response('text'),
    use: (response) => response.body.getReader().read(),
  },
  'peer-response-text': {
    make: ({ PEER }) => PEER.getByName('peer').fetch('http://do/'),
    use: (response) => response.text(),
  },
  'peer-response-json': {
    make: ({ PEER }) => PEER.getByName('peer').fetch('http://do/json'),
    use: (response) => response.json(),
  },
  'peer-response-read': {
    make: ({ PEER }) => PEER.getByName('peer').fetch('http://do/'),
    use: (response) => response.body.getReader().read(),
  },
  'peer-response-status': {
    make: ({ PEER }) => PEER.getByName('peer').fetch('http://do/'),
    use: async (response) => [response.status, response.headers.get('x'), response.bodyUsed],
  },
  'peer-response-body': {
    make: ({ PEER }) => PEER.getByName('peer').fetch('http://do/'),
    use: async (response) => [response.body instanceof ReadableStream, response.body.locked],
  },
  'peer-response-clone': {
    make: ({ PEER }) => PEER.getByName('peer').fetch('http://do/'),
    use: async (response) => response.clone().status,
  },
  'peer-response-cancel': {
    make: ({ PEER }) => PEER.getByName('peer').fetch('http://do/'),
    use: (response) => response.body.cancel(),
  },
  'peer-response-pipe': {
    make: ({ PEER }) => PEER.getByName('peer').fetch('http://do/'),
    use: (response) => response.body.pipeTo(new WritableStream()),
  },
  'peer-response-returned': {
    make: ({ PEER }) => PEER.getByName('peer').fetch('http://do/'),
    use: async (response) => new Response(response.body).text(),
  },
  'peer-reader': {
    make: async ({ PEER }) => (await PEER.getByName('peer').fetch('http://do/')).body.getReader(),
    use: (reader) => reader.read(),
  },
  'request-text': { make: (_env, { request }) => request, use: (request) => request.text() },
  'request-read': {
    make: (_env, { request }) => request,
    use: (request) => request.body.getReader().read(),
  },
  'request-url': { make: (_env, { request }) => request, use: async (request) => request.url },
  'request-sent-on': {
    make: (_env, { request }) => request,
    use: async (request, { PEER }) => (await PEER.getByName('peer').fetch(request)).text(),
  },
  'new-request-text': {
    make: () => new Request('http://x/', { method: 'POST', body: 'text' }),
    use: (request) => request.text(),
  },
  'stub-fetch': {
    make: ({ PEER }) => PEER.getByName('peer'),
    use: async (stub) => (await stub.fetch('http://do/')).text(),
  },
  'stub-call': { make: ({ PEER }) => PEER.getByName('peer'), use: (stub) => stub.hello() },
  'stub-property': { make: ({ PEER }) => PEER.getByName('peer'), use: (stub) => stub.property },
  'stub-id': { make: ({ PEER }) => PEER.getByName('peer'), use: async (stub) => stub.id.name },
  'stub-argument': {
    make: ({ PEER }) => PEER.getByName('peer'),
    use: (stub, { PEER }) => PEER.getByName('peer').callOn(stub),
  },
  'stub-kept-property': {
    make: ({ PEER }) => PEER.getByName('peer').hello,
    use: (property) => property(),
  },
  'call-pipelined': {
    async make({ PEER }) {
      const call = PEER.getByName('peer').target();
      await call;
      return { call };
    },
    use: ({ call }) => call.hello(),
  },
  namespace: {
    make: ({ PEER }) => PEER,
    use: (namespace) => namespace.getByName('peer').hello(),
  },
  service: { make: (_env, { ctx }) => ctx.exports.Service, use: (service) => service.hello() },
  'service-fetch': {
    make: (_env, { ctx }) => ctx.exports.Service,
    use: async (service) => (await service.fetch('http://x/')).text(),
  },
  'rpc-stub': { make: ({ PEER }) => PEER.getByName('peer').target(), use: (stub) => stub.hello() },
  'rpc-stub-dup': {
    make: ({ PEER }) => PEER.getByName('peer').target(),
    use: (s) => typeof s.dup(),
  },
  'own-rpc-stub': { make: () => new RpcStub({ hello: () => 'hi' }), use: (stub) => stub.hello() },
  storage: { make: (_env, { ctx }) => ctx.storage, use: (storage) => storage?.get('a') },
  'storage-put': { make: (_env, { ctx }) => ctx.storage, use: (storage) => storage?.put('a', 1) },
  'storage-sql': {
    make: (_env, { ctx }) => ctx.storage,
    use: async (storage) => storage?.sql.exec('SELECT 1 AS one').toArray(),
  },
  'storage-kv': {
    make: (_env, { ctx }) => ctx.storage,
    use: async (storage) => storage?.kv.get('a'),
  },
  'storage-sync': { make: (_env, { ctx }) => ctx.storage, use: (storage) => storage?.sync() },
  'storage-alarm': { make: (_env, { ctx }) => ctx.storage, use: (storage) => storage?.getAlarm() },
  'storage-transaction': {
    make: (_env, { ctx }) => ctx.storage,
    use: (storage) => storage?.transaction(async () => 'done'),
  },
  'storage-transaction-sync': {
    make: (_env, { ctx }) => ctx.storage,
    use: async (storage) => storage?.transactionSync(() => 'done'),
  },
  'sql-cursor': {
    make: (_env, { ctx }) => ({ cursor: ctx.storage?.sql.exec('SELECT 1 AS one') }),
    use: async ({ cursor }) => cursor?.toArray(),
  },
  'ctx-wait-until': {
    make: (_env, { ctx }) => ctx,
    use: async (ctx) => String(ctx.waitUntil(Promise.resolve())),
  },
  'ctx-id': { make: (_env, { ctx }) => ctx, use: async (ctx) => ctx.id?.name },
  'web-socket-pair-send': {
    make: () => {
      const [one, two] = Object.values(new WebSocketPair());
      one.accept();
      two.accept();
      return { one, two };
    },
    use: async ({ one }) => String(one.send('text')),
  },
  'web-socket-pair-accept': {
    make: () => ({ pair: new WebSocketPair() }),
    use: async ({ pair }) => String(pair[0].accept()),
  },
  'web-socket-client-send': {
    make: async ({ PEER }) => {
      const headers = { Upgrade: 'websocket' };
      const { webSocket } = await PEER.getByName('peer').fetch('http://do/socket', { headers });
      webSocket.accept();
      return { webSocket };
    },
    use: async ({ webSocket }) => String(webSocket.send('text')),
  },
  'web-socket-client-close': {
    make: async ({ PEER }) => {
      const headers = { Upgrade: 'websocket' };
      const { webSocket } = await PEER.getByName('peer').fetch('http://do/socket', { headers });
      webSocket.accept();
      return { webSocket };
    },
    use: async ({ webSocket }) => [webSocket.readyState, String(webSocket.close(1000, 'done'))],
  },
  'abort-signal': {
    make: () => new AbortController(),
    use: async (controller) => {
      controller.abort();
      return controller.signal.aborted;
    },
  },
  timer: {
    make: () => ({ timer: setTimeout(() => {}, 1_000_000) }),
    use: async ({ timer }) => String(clearTimeout(timer)),
  },
};

async function make(name, env, place) {
  left[name] = { thing: await things[name].make(env, place) };
}

/** The first line says what happened; how long a text is does not matter here. */
const use = (name, env) => attempt(() => things[name].use(left[name].thing, env));

const groups = {
  stubs: Object.keys(things).filter((name) => name.startsWith('stub-') && name !== 'stub-id'),
  rpc: ['call-pipelined', 'rpc-stub', 'own-rpc-stub', 'rpc-stub-dup'],
  storage: Object.keys(things).filter((name) => /^storage|^sql/.test(name)),
  sockets: Object.keys(things).filter((name) => name.startsWith('web-socket')),
  bodies: Object.keys(things).filter((name) =>
    /(text|json|read|reader|clone|cancel|pipe|returned|sent-on)$/.test(name),
  ),
};
groups.free = Object.keys(things).filter((name) => !Object.values(groups).flat().includes(name));

const probes = {};
for (const [group, names] of Object.entries(groups)) {
  const each = async (run) => {
    const seen = [];
    for (const name of names) seen.push(`${name}: ${await run(name)}`);
    return seen;
  };
  probes[`objects-${group}`] = ({ HOLDER }) =>
    each(async (name) => {
      const body = 'a body that was not read yet';
      await HOLDER.getByName(`one-${name}`).fetch(`http://do/${name}`, { method: 'POST', body });
      return HOLDER.getByName(`two-${name}`).use(name);
    });
  probes[`same-${group}`] = ({ HOLDER }) =>
    each(async (name) => {
      const holder = HOLDER.getByName(`same-${name}`);
      await holder.make(name);
      return holder.use(name);
    });
  probes[`worker-${group}`] = ({ HOLDER }) =>
    each(async (name) => {
      await HOLDER.getByName(`one-${name}`).make(name);
      return (await use(name, { HOLDER })).text;
    });
}

export class Holder extends DurableObject {
  async fetch(request) {
    const name = new URL(request.url).pathname.slice(1);
    await make(name, this.env, { ctx: this.ctx, request });
    this.ctx.waitUntil(scheduler.wait(100));
    return new Response('made');
  }

  async make(name) {
    const body = 'a body that was not read yet';
    const request = new Request('http://x/', { method: 'POST', body });
    await make(name, this.env, { ctx: this.ctx, request });
  }

  async use(name) {
    return (await use(name, this.env)).text;
  }
}

export class Service extends WorkerEntrypoint {
  hello() {
    return 'hello';
  }
  fetch() {
    return new Response('fetched');
  }
}

export class Peer extends DurableObject {
  property = 'own';

  hello() {
    return 'hello';
  }

  target() {
    return { hello: () => 'hello of a target' };
  }

  callOn(stub) {
    return stub.hello();
  }

  fetch(request) {
    const { pathname } = new URL(request.url);
    if (pathname === '/json') return Response.json({ a: 1 });
    if (pathname !== '/socket') return new Response('fetched', { headers: { x: 'y' } });
    const [client, server] = Object.values(new WebSocketPair());
    server.accept();
    return new Response(null, { status: 101, webSocket: client });
  }
}

export default {
  fetch: (request, env) => answer(probes, request, env),
};
