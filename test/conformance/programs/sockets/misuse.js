import { DurableObject } from 'cloudflare:workers';
import { answer, attempt, attemptSync } from '../probe.js';

function pair() {
  return Object.values(new WebSocketPair());
}

const probes = {
  'pair-shape'() {
    const sockets = new WebSocketPair();
    const [a, b] = sockets;
    const { 0: c, 1: d } = sockets;
    return [
      Object.keys(sockets),
      a === c,
      b === d,
      a === b,
      a instanceof WebSocket,
      attemptSync(() => WebSocketPair()),
    ];
  },
  constants() {
    const names = [
      'CONNECTING',
      'OPEN',
      'CLOSING',
      'CLOSED',
      'READY_STATE_OPEN',
      'READY_STATE_CLOSED',
    ];
    const [a] = pair();
    return [
      names.map((n) => [n, WebSocket[n], a[n]].join(' ')),
      a.readyState,
      a.url,
      a.protocol,
      a.extensions,
      a.binaryType,
    ];
  },
  'before-accept'() {
    const [, server] = pair();
    return [
      attemptSync(() => server.send('x')),
      attemptSync(() => server.close(1000)),
      attemptSync(() => server.accept()),
      attemptSync(() => server.accept()),
    ];
  },
  'response-status'() {
    return [
      attemptSync(() => new Response(null, { status: 101 })),
      attemptSync(() => new Response(null, { webSocket: pair()[0] })),
      attemptSync(() => new Response(null, { status: 200, webSocket: pair()[0] })),
      attemptSync(() => new Response('body', { status: 101, webSocket: pair()[0] })),
      attemptSync(() => new Response(null, { status: 101, webSocket: {} })),
    ];
  },
  'response-property'() {
    const [client] = pair();
    const response = new Response(null, { status: 101, webSocket: client });
    return [
      response.status,
      response.webSocket === client,
      new Response('x').webSocket,
      response.body,
    ];
  },
  async 'pair-within'() {
    const [a, b] = pair();
    const got = [];
    a.accept();
    a.send('early');
    b.addEventListener('message', ({ data }) => got.push(`b got ${data}`));
    a.addEventListener('message', ({ data }) => got.push(`a got ${data}`));
    const closed = new Promise((resolve) =>
      b.addEventListener('close', ({ code, reason, wasClean }) => {
        got.push(`b closed ${code} ${reason} ${wasClean} ${b.readyState}`);
        resolve();
      }),
    );
    b.accept();
    b.send('to a');
    a.send('to b');
    await scheduler.wait(10);
    a.close(3001, 'bye');
    await closed;
    return got;
  },
  'accept-web-socket'({ ctx }) {
    const [, accepted] = pair();
    accepted.accept();
    const [, twice] = pair();
    ctx.acceptWebSocket(twice);
    const [peer, other] = pair();
    peer.accept();
    return [
      attemptSync(() => ctx.acceptWebSocket(accepted)),
      attemptSync(() => ctx.acceptWebSocket(twice)),
      attemptSync(() => ctx.acceptWebSocket(other)),
      attemptSync(() => ctx.acceptWebSocket({})),
      attemptSync(() => ctx.acceptWebSocket()),
      attemptSync(() => twice.accept()),
    ];
  },
  tags({ ctx }) {
    const accept = (tags) => {
      const [, server] = pair();
      ctx.acceptWebSocket(server, tags);
      return ctx.getTags(server);
    };
    return [
      attemptSync(() => accept(undefined)),
      attemptSync(() => accept([])),
      attemptSync(() => accept(['b', 'a', 'b', 'c'])),
      attemptSync(() => accept([1, null])),
      attemptSync(() => accept(Array.from({ length: 10 }, (_, i) => `t${i}`)).length),
      attemptSync(() => accept(Array.from({ length: 11 }, (_, i) => `t${i}`))),
      attemptSync(() => accept(['x'.repeat(256)])[0].length),
      attemptSync(() => accept(['x'.repeat(257)])),
      attemptSync(() => accept('text')),
    ];
  },
  'odd-tags'({ ctx }) {
    const accept = (tags) => {
      const [, server] = pair();
      ctx.acceptWebSocket(server, tags);
      return [ctx.getTags(server), ...tags.map((tag) => ctx.getWebSockets(tag).length)];
    };
    const lists = [
      ['ü'.repeat(128)],
      ['ü'.repeat(129)],
      ['中'.repeat(256)],
      ['中'.repeat(257)],
      ['😀'.repeat(128)],
      ['😀'.repeat(129)],
      ['a\u0000b', 'a', ''],
      ['a', 'A', 'á', 'a\u0301'],
      ['__proto__', 'constructor', 'length'],
      Array.from({ length: 11 }, () => 'same'),
      [...Array.from({ length: 10 }, (_, i) => `${i}`), '1'],
      [1.5, true, null, undefined],
      [{ toString: () => 'object' }, ['list']],
    ];
    return lists.map((tags) => attemptSync(() => accept(tags)));
  },
  'get-tags'({ ctx }) {
    const [standard, plain] = pair();
    standard.accept();
    return [
      attemptSync(() => ctx.getTags(plain)),
      attemptSync(() => ctx.getTags(standard)),
      attemptSync(() => ctx.getTags({})),
    ];
  },
  attachments() {
    const [, server] = pair();
    const value = { n: 1, when: new Date(5), bytes: new Uint8Array([1]) };
    const before = server.deserializeAttachment();
    server.serializeAttachment(value);
    value.n = 2;
    const copy = server.deserializeAttachment();
    copy.n = 3;
    return [
      before,
      server.deserializeAttachment(),
      attemptSync(() => server.serializeAttachment(new Map([[1, 2]]))),
      server.deserializeAttachment(),
      attemptSync(() => server.serializeAttachment(undefined)),
      attemptSync(() => server.deserializeAttachment()),
      attemptSync(() => server.serializeAttachment('x'.repeat(17_000))),
      attemptSync(() => server.serializeAttachment(() => {})),
      attemptSync(() => server.serializeAttachment()),
    ];
  },
  'auto-response'({ ctx }) {
    const before = ctx.getWebSocketAutoResponse();
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'));
    const pairNow = ctx.getWebSocketAutoResponse();
    const out = [before, pairNow.request, pairNow.response, pairNow.constructor.name];
    ctx.setWebSocketAutoResponse();
    return [
      ...out,
      ctx.getWebSocketAutoResponse(),
      attemptSync(() =>
        ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('x'.repeat(2049), 'y')),
      ),
      attemptSync(() =>
        ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('x', 'y'.repeat(2049))),
      ),
      attemptSync(() => new WebSocketRequestResponsePair('x')),
      attemptSync(() => ctx.setWebSocketAutoResponse('x')),
    ];
  },
  'event-timeout'({ ctx }) {
    return [
      ctx.getHibernatableWebSocketEventTimeout(),
      attemptSync(() => ctx.setHibernatableWebSocketEventTimeout(5000)),
      ctx.getHibernatableWebSocketEventTimeout(),
      attemptSync(() => ctx.setHibernatableWebSocketEventTimeout(604_800_001)),
      attemptSync(() => ctx.setHibernatableWebSocketEventTimeout(0)),
      ctx.getHibernatableWebSocketEventTimeout(),
    ];
  },
  async 'not-upgraded'({ env }) {
    return [await attempt(() => env.PROBE.getByName('u').fetch('http://do/socket'))];
  },
  async 'through-stub'({ env }) {
    const response = await env.PROBE.getByName('t').fetch('http://do/socket', {
      headers: { Upgrade: 'websocket' },
    });
    const socket = response.webSocket;
    const answered = new Promise((resolve) =>
      socket.addEventListener('message', ({ data }) => resolve(data)),
    );
    socket.accept();
    socket.send('over the stub');
    return [response.status, await answered];
  },
  async reused({ env }) {
    const status = async (path) => {
      const response = await env.PROBE.getByName('r').fetch(`http://do/${path}`, {
        headers: { Upgrade: 'websocket' },
      });
      return [response.status, response.webSocket !== null];
    };
    return [
      await attempt(() => status('accepted-end')),
      await attempt(() => status('hibernating-end')),
    ];
  },
  'constructor-errors'() {
    return ['nope', 'ftp://a.b', 'ws://a.b/#f'].map((url) => attemptSync(() => new WebSocket(url)));
  },
};

export class Probe extends DurableObject {
  fetch(request) {
    const { pathname } = new URL(request.url);
    const [client, server] = pair();
    switch (pathname) {
      case '/socket':
        server.accept();
        server.addEventListener('message', ({ data }) => server.send(`echo ${data}`));
        return new Response(null, { status: 101, webSocket: client });
      case '/accepted-end':
        client.accept();
        return new Response(null, { status: 101, webSocket: client });
      case '/hibernating-end':
        this.ctx.acceptWebSocket(server);
        return new Response(null, { status: 101, webSocket: server });
    }
    return answer(probes, request, { ctx: this.ctx, env: this.env });
  }
}

export default {
  fetch: (request, env) => env.PROBE.getByName(request.url).fetch(request),
};
