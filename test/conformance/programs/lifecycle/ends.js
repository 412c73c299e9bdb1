// What the code of a Worker has begun, and the end of its invocation.
import { connect } from 'cloudflare:sockets';
import { DurableObject, RpcTarget, WorkerEntrypoint, waitUntil } from 'cloudflare:workers';

/** What happened, by the name of the case: each thing once, in the order of its first time. */
const seen = {};

function note(name, text) {
  const list = (seen[name] ??= []);
  if (!list.includes(text)) list.push(text);
}

const encoder = new TextEncoder();

export class Slow extends DurableObject {
  quick() {}

  async work(name) {
    await scheduler.wait(200);
    note(name, 'the object has done it');
    return 'done';
  }

  async fetch(request) {
    if (request.headers.get('upgrade')) {
      const { 0: client, 1: server } = new WebSocketPair();
      this.ctx.acceptWebSocket(server);
      return new Response(null, { status: 101, webSocket: client });
    }
    return new Response(await this.work(new URL(request.url).pathname.slice(1)));
  }

  webSocketMessage(socket, message) {
    socket.send(`echo of ${message}`);
  }

  webSocketClose(socket) {
    note(this.ctx.id.name, 'the object hears that its socket is gone');
    note(this.ctx.id.name, `${this.ctx.getWebSockets().includes(socket)}`);
  }

  webSocketError() {
    note(this.ctx.id.name, 'the object hears that its socket is gone');
  }

  pieces(count) {
    let left = count;
    return new ReadableStream({
      async pull(controller) {
        await scheduler.wait(50);
        controller.enqueue(encoder.encode('piece '));
        left -= 1;
        if (left === 0) controller.close();
      },
    });
  }

  /** Breaks while a connection is open. */
  async breakWith(kind, url) {
    await connections[kind](url);
    this.ctx.abort('on purpose');
  }

  async callBack(callback) {
    await scheduler.wait(200);
    return callback();
  }
}

/** Ticks while what made it lasts. */
class Ticking extends RpcTarget {
  #ticks;

  constructor(name) {
    super();
    this.#ticks = tick(name);
  }

  over() {
    this.#ticks.over();
  }
}

export class Entry extends WorkerEntrypoint {
  plain(name) {
    setTimeout(() => note(name, 'a timer after the call'), 100);
  }

  fails(name) {
    this.plain(name);
    throw new Error('on purpose');
  }

  kept(name) {
    this.ctx.waitUntil(scheduler.wait(200).then(() => note(name, 'what waitUntil() was given')));
    setTimeout(() => note(name, 'a timer before that'), 100);
    setTimeout(() => note(name, 'a timer after that'), 300);
  }

  target(name) {
    return new Ticking(name);
  }

  fetch(request) {
    setTimeout(() => note(new URL(request.url).pathname.slice(1), 'a timer after it'), 100);
    return new Response('answered');
  }
}

/** The client has to be able to tell that it came so far. */
async function untilNoted(name, text) {
  for (let i = 0; i < 800 && !seen[name]?.includes(text); i++) await scheduler.wait(10);
}

/** Open connections to `url`, whose other side notes that they are gone. */
const connections = {
  fetch: (url) => fetch(url),
  async events(url) {
    const source = new EventSource(url);
    await new Promise((resolve) => source.addEventListener('message', resolve));
  },
  async tcp(url) {
    const { host, pathname } = new URL(url);
    const socket = connect(host);
    const writer = socket.writable.getWriter();
    await writer.write(encoder.encode(`GET ${pathname} HTTP/1.1\r\nHost: a\r\n\r\n`));
    await socket.readable.getReader().read();
  },
};

const spareMs = 150;

/** Notes ticks, and those that come a while after over() as such. */
function tick(name) {
  let overAt = Infinity;
  setInterval(() => note(name, Date.now() > overAt ? 'tick after the end' : 'tick'), 50);
  return {
    over() {
      overAt = Date.now() + spareMs;
    },
  };
}

const routes = {
  timer(name) {
    setTimeout(() => note(name, 'late'), 100);
    return new Response('ok');
  },
  zero(name) {
    setTimeout(() => note(name, 'late'), 0);
    return new Response('ok');
  },
  immediate(name) {
    setImmediate(() => note(name, 'late'));
    return new Response('ok');
  },
  interval(name) {
    setInterval(() => note(name, 'late'), 50);
    return new Response('ok');
  },
  wait(name) {
    const loop = async () => {
      for (let i = 0; i < 5; i++) {
        await scheduler.wait(50);
        note(name, 'late');
      }
    };
    loop();
    return new Response('ok');
  },
  microtasks(name) {
    const loop = async () => {
      for (let i = 0; i < 50; i++) await undefined;
      note(name, 'what needs no event goes on');
    };
    loop();
    return new Response('ok');
  },
  async rpc(name, { SLOW }) {
    const stub = SLOW.getByName(name);
    stub.work(name).then(() => note(name, 'the answer came'));
    await stub.quick();
    return new Response('ok');
  },
  async fetched(name, { SLOW }) {
    const stub = SLOW.getByName(name);
    stub.fetch(`http://object/${name}`).then(() => note(name, 'the answer came'));
    await stub.quick();
    return new Response('ok');
  },
  async callback(name, { SLOW }) {
    const stub = SLOW.getByName(name);
    stub.callBack(() => note(name, 'called back')).catch(() => note(name, 'it failed'));
    await stub.quick();
    return new Response('ok');
  },
  async service(name, _env, ctx) {
    ctx.exports.Entry.fetch(`http://entry/${name}`).then(async (response) => {
      note(name, await response.text());
      await scheduler.wait(50);
      note(name, 'late');
    });
    await untilNoted(name, 'answered');
    return new Response('ok');
  },
  'wait-until'(name, _env, ctx) {
    ctx.waitUntil(scheduler.wait(200).then(() => note(name, 'what waitUntil() was given')));
    setTimeout(() => note(name, 'a timer before that'), 100);
    setTimeout(() => note(name, 'a timer after that'), 400);
    return new Response('ok');
  },
  'wait-until-of-module'(name) {
    waitUntil(scheduler.wait(200).then(() => note(name, 'what waitUntil() was given')));
    setTimeout(() => note(name, 'a timer before that'), 100);
    setTimeout(() => note(name, 'a timer after that'), 400);
    return new Response('ok');
  },
  'wait-until-again'(name, _env, ctx) {
    const second = async () => {
      await scheduler.wait(100);
      note(name, 'the second');
    };
    const first = async () => {
      await scheduler.wait(100);
      note(name, 'the first');
      ctx.waitUntil(second());
    };
    ctx.waitUntil(first());
    return new Response('ok');
  },
  stream(name) {
    const ticks = tick(name);
    const { readable, writable } = new TransformStream();
    const write = async () => {
      const writer = writable.getWriter();
      for (let i = 0; i < 4; i++) {
        await writer.write(encoder.encode('piece '));
        await scheduler.wait(50);
      }
      ticks.over();
      await writer.close();
    };
    write();
    return new Response(readable);
  },
  pulled(name) {
    let left = 4;
    const ticks = tick(name);
    return new Response(
      new ReadableStream({
        async pull(controller) {
          await scheduler.wait(60);
          controller.enqueue(encoder.encode('piece '));
          left -= 1;
          if (left > 0) return;
          ticks.over();
          controller.close();
        },
      }),
    );
  },
  async 'stream-of-object'(name, { SLOW }) {
    const stream = await SLOW.getByName(name).pieces(4);
    tick(name);
    return new Response(stream);
  },
  'left-in-stream'(name) {
    note(name, 'begun');
    const { readable, writable } = new TransformStream();
    const writer = writable.getWriter();
    setInterval(() => {
      note(name, left.has(name) ? 'tick after the client' : 'tick');
      writer.write(encoder.encode('data: tick\n\n')).catch(() => {});
    }, 50);
    return new Response(readable, { headers: { 'content-type': 'text/event-stream' } });
  },
  async 'left-before'(name) {
    note(name, 'begun');
    while (!left.has(name)) await scheduler.wait(20);
    await scheduler.wait(200);
    note(name, 'the handler goes on');
    setTimeout(() => note(name, 'late'), 100);
    return new Response('nobody reads this');
  },
  async 'left-with-call'(name, { SLOW }) {
    note(name, 'begun');
    while (!left.has(name)) await scheduler.wait(20);
    await scheduler.wait(100);
    note(name, await SLOW.getByName(name).work(name));
    return new Response('nobody reads this');
  },
  socket(name) {
    const { 0: client, 1: server } = new WebSocketPair();
    server.accept();
    const ticks = tick(name);
    server.addEventListener('message', ({ data }) => {
      note(name, `message ${data}`);
      setTimeout(() => server.send(`timer after ${data}`), 50);
    });
    server.addEventListener('close', ({ code }) => {
      note(name, `closed ${code}`);
      ticks.over();
      setTimeout(() => note(name, 'a timer after it'), 100);
    });
    return new Response(null, { status: 101, webSocket: client });
  },
  async 'socket-of-object'(name, { SLOW }, _ctx, request) {
    setTimeout(() => note(name, 'late'), 100);
    return SLOW.getByName(name).fetch(request);
  },
  async 'socket-not-taken'(name, { SLOW }) {
    await SLOW.getByName(name).fetch('http://object/', { headers: { upgrade: 'websocket' } });
    return new Response('ok');
  },
  async 'socket-too-late'(name, { SLOW }) {
    const stub = SLOW.getByName(name);
    stub.fetch('http://object/', { headers: { upgrade: 'websocket' } });
    await stub.quick();
    return new Response('ok');
  },
  async 'socket-to-object'(name, { SLOW }) {
    const stub = SLOW.getByName(name);
    const headers = { upgrade: 'websocket' };
    const { webSocket } = await stub.fetch('http://object/', { headers });
    webSocket.accept();
    webSocket.addEventListener('message', ({ data }) => {
      note(name, data);
      webSocket.close();
    });
    setTimeout(() => webSocket.send('hello'), 100);
    return new Response('ok');
  },
  /** The other side of a connection. */
  upstream(name, _env, ctx) {
    note(name, 'asked');
    const { readable, writable } = new TransformStream();
    const writer = writable.getWriter();
    const write = () => writer.write(encoder.encode('data: tick\n\n'));
    ctx.waitUntil(
      (async () => {
        for (;;) {
          await write();
          await scheduler.wait(50);
        }
      })().catch(() => note(name, 'gone')),
    );
    return new Response(readable, { headers: { 'content-type': 'text/event-stream' } });
  },
  async connection(name, _env, _ctx, request) {
    const [host, kind] = new URL(request.url).pathname.split('/').slice(3);
    await connections[kind](`http://${host}/upstream/${name}`);
    return new Response('ok');
  },
  async 'connection-of-object'(name, { SLOW }, _ctx, request) {
    const [host, kind] = new URL(request.url).pathname.split('/').slice(3);
    const broken = SLOW.getByName(name).breakWith(kind, `http://${host}/upstream/${name}`);
    return new Response(await broken.catch((error) => error.message));
  },
  async entrypoint(name, _env, ctx) {
    await ctx.exports.Entry.plain(name);
    await scheduler.wait(300);
    return new Response('ok');
  },
  async 'entrypoint-fails'(name, _env, ctx) {
    await ctx.exports.Entry.fails(name).catch((error) => note(name, error.message));
    await scheduler.wait(300);
    return new Response('ok');
  },
  async 'entrypoint-kept'(name, _env, ctx) {
    await ctx.exports.Entry.kept(name);
    await scheduler.wait(500);
    return new Response('ok');
  },
  async 'entrypoint-fetch'(name, _env, ctx) {
    await (await ctx.exports.Entry.fetch(`http://entry/${name}`)).text();
    await scheduler.wait(300);
    return new Response('ok');
  },
  async 'entrypoint-target'(name, _env, ctx) {
    const target = await ctx.exports.Entry.target(name);
    await untilNoted(name, 'tick');
    await target.over();
    target[Symbol.dispose]();
    await scheduler.wait(300);
    return new Response('ok');
  },
};

/** Those whose client has gone. */
const left = new Set();

export default {
  fetch(request, env, ctx) {
    const [, route, name] = new URL(request.url).pathname.split('/');
    if (route === 'seen') return Response.json(seen[name] ?? []);
    if (route === 'left') {
      left.add(name);
      return new Response('noted');
    }
    return routes[route](name, env, ctx, request);
  },
};
