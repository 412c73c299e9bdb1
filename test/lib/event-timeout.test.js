// S6.14.1: a socket event that runs for longer than the object allows costs it its instance, and nothing else.
'use strict';

const { makeProject, removeProjects } = require('../support/project-files');
const { startServer } = require('../support/server');
const { openSocket } = require('../support/socket');

const WORKER = `
import { DurableObject } from 'cloudflare:workers';
let instances = 0;
export class Room extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    this.number = ++instances;
    ctx.setHibernatableWebSocketEventTimeout(50);
  }
  async fetch(request) {
    const [client, server] = Object.values(new WebSocketPair());
    switch (new URL(request.url).pathname) {
      case '/hang':
        for (const ws of this.ctx.getWebSockets()) ws.send('hanging');
        return new Promise(() => {});
      case '/number': return Response.json([this.number, await this.ctx.storage.get('kept'), this.ctx.getWebSockets().length]);
      case '/standard': server.accept(); break;
      default: this.ctx.acceptWebSocket(server);
    }
    return new Response(null, { status: 101, webSocket: client });
  }
  async webSocketMessage(ws, message) {
    if (message === 'hang') {
      await this.ctx.storage.put('kept', true);
      await new Promise(() => {});
    }
    ws.send(this.number + ' ' + message);
  }
}
export default {
  async fetch(request, env) {
    try {
      return await env.ROOM.getByName('room').fetch(request);
    } catch ({ message, retryable, durableObjectReset }) {
      return Response.json({ message, retryable, durableObjectReset });
    }
  },
};`;

let server;
beforeAll(async () => {
  const directory = makeProject({
    'wrangler.json': {
      name: 'app',
      main: 'index.js',
      compatibility_date: '2026-08-25',
      durable_objects: { bindings: [{ name: 'ROOM', class_name: 'Room' }] },
      migrations: [{ tag: 'v1', new_sqlite_classes: ['Room'] }],
    },
    'index.js': WORKER,
  });
  server = await startServer({ project: directory });
});
afterAll(async () => {
  await server?.stop();
  removeProjects();
});

test('the instance goes, callers are told, hibernatable sockets and what was written stay', async () => {
  const socket = await openSocket(`${server.url}/ws`);
  const standard = await openSocket(`${server.url}/standard`);
  const hanging = fetch(`${server.url}/hang`);
  expect(await socket.next()).toBe('hanging');
  socket.send('hang');
  expect(await (await hanging).json()).toEqual({
    message: 'Actor exceeded event execution time and was disconnected.',
    retryable: true,
    durableObjectReset: true,
  });
  expect((await standard.closed).code).toBe(1006);
  socket.send('hello');
  expect(await socket.next()).toBe('2 hello');
  expect(await (await fetch(`${server.url}/number`)).json()).toEqual([2, true, 1]);
  socket.terminate();
});
