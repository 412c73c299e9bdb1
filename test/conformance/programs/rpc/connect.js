import { DurableObject, WorkerEntrypoint } from 'cloudflare:workers';
import { connect } from 'cloudflare:sockets';
import { answer, attempt, show } from '../probe.js';

const encoder = new TextEncoder();
const kinds = (value) => `${typeof value} ${Object.prototype.toString.call(value)}`;
const withoutHex = (text) => text.replaceAll(/[0-9a-f]{32}/g, '(hex)');

async function textOf(readable) {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of readable) text += decoder.decode(chunk, { stream: true });
  return text;
}

async function say(socket, text) {
  const writer = socket.writable.getWriter();
  await writer.write(encoder.encode(text));
  await writer.close();
}

/** All that can be seen of a connection which nothing is written to. */
async function use(open) {
  let socket;
  try {
    socket = open();
  } catch (error) {
    return `threw ${show(error)}`;
  }
  const seen = [];
  for (const look of [() => socket.opened, () => textOf(socket.readable), () => socket.closed])
    seen.push(show(await attempt(look)));
  return seen;
}

const server = (env, name) => env.SERVER.getByName(name);

const probes = {
  shape({ env }) {
    const stub = server(env, 'shape');
    const socket = stub.connect('host:1');
    return [
      typeof stub.connect,
      stub.connect.length,
      kinds(socket),
      Object.keys(socket),
      socket.secureTransport,
      socket.upgraded,
      ...[socket.readable, socket.writable, socket.opened, socket.closed].map(kinds),
    ];
  },
  object: ({ env }) => use(() => server(env, 'object').connect('example.com:1234')),
  'plain-class': ({ env }) => use(() => env.PLAIN.getByName('a').connect('example.com:1234')),
  entrypoint: ({ ctx }) => use(() => ctx.exports.Entrypoint.connect('example.com:1234')),
  handlers: ({ ctx }) => use(() => ctx.exports.default.connect('example.com:1234')),
  facet: ({ env }) => server(env, 'facets').connectToFacet(),
  'from-object': ({ env }) => server(env, 'from').connectToOther(),
  'passed-stub': async ({ env }) => {
    return server(env, 'passed').connectTo(server(env, 'passed-to'));
  },
  'no-handler': ({ env }) => use(() => env.MUTE.getByName('a').connect('example.com:1234')),
  'no-handler-entrypoint': ({ ctx }) => use(() => ctx.exports.MuteEntrypoint.connect('host:1')),
  'constructor-throws': ({ env }) => use(() => env.BROKEN.getByName('a').connect('host:1')),
  async arguments({ env }) {
    const seen = [];
    for (const given of [
      [],
      [''],
      ['host'],
      ['host:port'],
      ['host:0'],
      ['host:80'],
      ['[::1]:5'],
      ['http://host:1'],
      [{ hostname: 'host', port: 2 }],
      [{}],
      ['host:1', 5],
      ['host:1', undefined],
      ['host:1', { secureTransport: 'off' }],
      ['host:1', { secureTransport: 'on' }],
      ['host:1', { secureTransport: 'starttls' }],
      ['host:1', { secureTransport: 'other' }],
      ['host:1', { allowHalfOpen: true }],
    ])
      seen.push([given, await use(() => server(env, 'arguments').connect(...given))]);
    return seen;
  },
  async handler({ env }) {
    await use(() => server(env, 'handler').connect('shape:7'));
    return server(env, 'handler').seen();
  },
  async echo({ env }) {
    const socket = server(env, 'echo').connect('echo:1');
    const received = textOf(socket.readable);
    const writer = socket.writable.getWriter();
    await writer.write(encoder.encode('one '));
    await writer.write(encoder.encode('two'));
    await writer.close();
    return [await received, await attempt(() => socket.closed), await server(env, 'echo').seen()];
  },
  async 'half-open'({ env }) {
    const seen = [];
    for (const allowHalfOpen of [false, true]) {
      const stub = server(env, `half-open ${allowHalfOpen}`);
      const socket = stub.connect('half:1', { allowHalfOpen });
      const writer = socket.writable.getWriter();
      seen.push(await textOf(socket.readable));
      seen.push(await attempt(() => writer.write(encoder.encode('after the end'))));
      if (allowHalfOpen) await writer.close();
      seen.push(await stub.whenSeen(1));
    }
    return seen;
  },
  async 'caller-closes'({ env }) {
    const stub = server(env, 'caller-closes');
    const socket = stub.connect('reads:1');
    await socket.writable.getWriter().write(encoder.encode('hello'));
    await stub.whenSeen(1);
    return [
      await attempt(() => socket.close()),
      await attempt(() => socket.closed),
      await stub.whenSeen(2),
    ];
  },
  async 'handler-closes'({ env }) {
    const stub = server(env, 'handler-closes');
    return [await use(() => stub.connect('closes:1')), await stub.whenSeen(2)];
  },
  'handler-throws': ({ env }) => use(() => server(env, 'throws').connect('throws:1')),
  'handler-rejects': ({ env }) => use(() => server(env, 'rejects').connect('rejects:1')),
  'handler-aborts': ({ env }) => use(() => server(env, 'aborts').connect('aborts:1')),
  'handler-returns': ({ env }) => use(() => server(env, 'returns').connect('returns:1')),
  'handler-is-late': ({ env }) => use(() => server(env, 'late').connect('late:1')),
  async 'lost-write'({ env }) {
    const failed = await attempt(() => server(env, 'lost').violateAndConnect());
    return [failed, await server(env, 'never connected to').seen()];
  },
  async many({ env }) {
    let count = 0;
    for await (const chunk of server(env, 'many').connect('many:1').readable) count += chunk.length;
    return count;
  },
  async 'virtual-host'({ env, ctx }) {
    const entrypoint = ctx.exports.Entrypoint({ props: {} });
    const address = ctx.mapVirtualHost(entrypoint, 5432);
    const object = server(env, 'mapped');
    const [hostname] = address.split(':');
    return [
      withoutHex(address),
      ctx.mapVirtualHost(entrypoint, 1) === address,
      withoutHex(show(await use(() => connect(address)))),
      withoutHex(show(await use(() => connect({ hostname, port: 5432 })))),
      withoutHex(show(await use(() => connect(ctx.mapVirtualHost(object, 7))))),
      await object.hasMapVirtualHost(),
    ];
  },
  'virtual-host-arguments': async ({ ctx }) => {
    const stub = () => ctx.exports.Entrypoint({ props: {} });
    const seen = [typeof ctx.mapVirtualHost, ctx.mapVirtualHost.length];
    for (const given of [
      [],
      [5, 1],
      [{}, 1],
      [stub()],
      [stub(), 'x'],
      [stub(), '12'],
      [stub(), 1.5],
      [stub(), 0],
      [stub(), 65_536],
      [stub(), -1],
    ])
      seen.push(withoutHex(show(await attempt(() => ctx.mapVirtualHost(...given)))));
    return seen;
  },
};

export class Server extends DurableObject {
  #seen = [];
  #waiting = [];

  #note(what) {
    this.#seen.push(what);
    for (const { count, resolve } of this.#waiting)
      if (this.#seen.length >= count) resolve(this.#seen);
  }

  async connect(socket, ...rest) {
    const { localAddress } = await socket.opened;
    const [way] = localAddress.split(':');
    const writer = socket.writable.getWriter();
    const write = (text) => writer.write(encoder.encode(text));
    switch (way) {
      case 'shape':
        this.#note([
          kinds(socket),
          rest.length,
          rest.map(kinds),
          await socket.opened,
          socket.secureTransport,
          socket.upgraded,
          show(await attempt(() => socket.startTls())),
        ]);
        return;
      case 'echo':
        for await (const chunk of socket.readable) {
          this.#note(new TextDecoder().decode(chunk));
          await writer.write(chunk);
        }
        await writer.close();
        return;
      case 'half':
        await writer.close();
        this.#note(show(await attempt(() => textOf(socket.readable))));
        return;
      case 'reads': {
        const reader = socket.readable.getReader();
        const { value } = await reader.read();
        this.#note(new TextDecoder().decode(value));
        this.#note(show(await attempt(() => reader.read())));
        return;
      }
      case 'closes':
        await write('then closed');
        this.#note(show(await attempt(() => socket.close())));
        this.#note(show(await attempt(() => socket.closed)));
        return;
      case 'throws':
        throw new TypeError('thrown in connect()');
      case 'rejects':
        await write('before');
        throw new TypeError('thrown in connect()');
      case 'aborts':
        await write('before');
        this.ctx.abort('aborted in connect()');
        return;
      case 'returns':
        return;
      case 'late':
        await scheduler.wait(30);
        await write('late');
        return;
      case 'many':
        for (let i = 0; i < 10; i++) await writer.write(new Uint8Array(100_000));
        await writer.close();
        return;
    }
    await write('from an object');
    await writer.close();
  }

  seen() {
    return this.#seen;
  }

  /** Once so much was noted. */
  whenSeen(count) {
    if (this.#seen.length >= count) return this.#seen;
    return new Promise((resolve) => this.#waiting.push({ count, resolve }));
  }

  async connectToOther() {
    return show(await use(() => this.env.SERVER.getByName('other').connect('host:1')));
  }

  async connectTo(stub) {
    return show(await use(() => stub.connect('host:1')));
  }

  async connectToFacet() {
    const facet = this.ctx.facets.get('a', () => ({ class: this.ctx.exports.Server }));
    return show(await use(() => facet.connect('host:1')));
  }

  async violateAndConnect() {
    const { sql } = this.ctx.storage;
    sql.exec('CREATE TABLE parent (id INTEGER PRIMARY KEY)');
    sql.exec('CREATE TABLE child (p REFERENCES parent(id))');
    await this.ctx.storage.sync();
    sql.exec('PRAGMA defer_foreign_keys = on');
    sql.exec('INSERT INTO child VALUES (1)');
    await use(() => this.env.SERVER.getByName('never connected to').connect('shape:1'));
  }

  hasMapVirtualHost() {
    return 'mapVirtualHost' in this.ctx;
  }
}

export class Mute extends DurableObject {}

export class Plain {
  async connect(socket, ...rest) {
    await say(socket, show(rest.map(kinds)));
  }
}

export class Broken extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    throw new TypeError('thrown in a constructor');
  }

  connect() {}
}

export class Entrypoint extends WorkerEntrypoint {
  async connect(socket, ...rest) {
    await say(socket, show([rest.length, await socket.opened]));
  }
}

export class MuteEntrypoint extends WorkerEntrypoint {}

export default {
  fetch: (request, env, ctx) => answer(probes, request, { env, ctx }),
  async connect(socket, env, ctx) {
    await say(socket, show([kinds(env), kinds(ctx), await socket.opened]));
  },
};
