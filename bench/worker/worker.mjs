// The program that the benchmarks run on every runtime that runs Workers.
import { DurableObject } from 'cloudflare:workers';

import { alarms } from './alarms.mjs';

export { Timed } from './alarms.mjs';
export { Inside } from './inside.mjs';

/* global WebSocketPair, WebSocketRequestResponsePair */

const ROWS = 1_000;

/** An object that only answers. */
export class Plain extends DurableObject {
  fetch(_request) {
    return new Response('ok');
  }

  echo(value) {
    return value;
  }
}

/** An object with durable state: a counter under a key, and a table. */
export class Store extends DurableObject {
  #nextRow = 0;

  async fetch(request) {
    return new URL(request.url).pathname.startsWith('/put/') ? this.#count() : this.#readRow();
  }

  async #count() {
    const count = ((await this.ctx.storage.get('count')) ?? 0) + 1;
    await this.ctx.storage.put('count', count);
    return new Response(`count ${count}`);
  }

  #readRow() {
    const { sql } = this.ctx.storage;
    if (this.#nextRow === 0) this.#fillTable(sql);
    const id = (this.#nextRow++ * 7919) % ROWS;
    return new Response(sql.exec('SELECT body FROM item WHERE id = ?', id).one().body);
  }

  #fillTable(sql) {
    sql.exec('CREATE TABLE IF NOT EXISTS item (id INTEGER PRIMARY KEY, body TEXT NOT NULL)');
    if (sql.exec('SELECT count(*) AS rows FROM item').one().rows === ROWS) return;
    for (let id = 0; id < ROWS; id++)
      sql.exec('INSERT INTO item VALUES (?, ?)', id, `row ${id} ${'x'.repeat(80)}`);
  }
}

/** @param {DurableObjectState} ctx @returns {Response} the upgrade; the socket hibernates */
function accept(ctx) {
  const { 0: client, 1: server } = new WebSocketPair();
  ctx.acceptWebSocket(server);
  return new Response(null, { status: 101, webSocket: client });
}

/** An object that echoes on hibernating sockets, and answers `ping` without waking. */
export class Echo extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'));
  }

  fetch(_request) {
    return accept(this.ctx);
  }

  webSocketMessage(socket, message) {
    socket.send(message);
  }
}

/** An object that sends each message to all its hibernating sockets. */
export class Room extends DurableObject {
  fetch(_request) {
    return accept(this.ctx);
  }

  webSocketMessage(_socket, message) {
    for (const one of this.ctx.getWebSockets()) one.send(message);
  }
}

const routes = {
  hello: () => new Response('Hello, World!'),
  do: (request, env, name) => env.PLAIN.getByName(name).fetch(request),
  cold: (request, env, name) => env.PLAIN.getByName(`cold-${name}`).fetch(request),
  rpc: async (_request, env, name) => new Response(await env.PLAIN.getByName(name).echo('ok')),
  put: (request, env, name) => env.STORE.getByName(name).fetch(request),
  alarms,
  inside: (request, env) => env.INSIDE.getByName('one').fetch(request),
  sql: (request, env, name) => env.STORE.getByName(name).fetch(request),
  ws: (request, env, name) => env.ECHO.getByName(name).fetch(request),
  'ws-auto': (request, env, name) => env.ECHO.getByName(name).fetch(request),
  'ws-broadcast': (request, env, name) => env.ROOM.getByName(name).fetch(request),
};

export default {
  fetch(request, env) {
    const [, route, name] = new URL(request.url).pathname.split('/');
    const answer = routes[route];
    return answer ? answer(request, env, name) : new Response('no such route', { status: 404 });
  },
};
