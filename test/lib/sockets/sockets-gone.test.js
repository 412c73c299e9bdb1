// What is left of sockets that have closed: no JavaScript object. (Of the native side: test/native/host/many_sockets_test.cc.)
'use strict';

const { execFile } = require('node:child_process');
const path = require('node:path');
const { promisify } = require('node:util');
const { makeProject, removeProjects } = require('../../support/project-files');

const PROGRAM = path.join(__dirname, 'programs/sockets-gone.js');

const PROJECT = {
  'wrangler.json': JSON.stringify({
    name: 'gone',
    main: 'worker.mjs',
    compatibility_date: '2026-11-01',
    durable_objects: { bindings: [{ name: 'ROOM', class_name: 'Room' }] },
    migrations: [{ tag: 'v1', new_sqlite_classes: ['Room'] }],
  }),
  'worker.mjs': `
    import { DurableObject } from 'cloudflare:workers';
    export class Room extends DurableObject {
      fetch() {
        const { 0: client, 1: server } = new WebSocketPair();
        this.ctx.acceptWebSocket(server, ['tag']);
        server.serializeAttachment({ a: 1 });
        return new Response(null, { status: 101, webSocket: client });
      }
      webSocketMessage(socket, message) { socket.send(message); }
      webSocketClose(socket, code, reason, wasClean) { if (wasClean) socket.close(code); }
    }
    export default {
      fetch: (request, env) => env.ROOM.getByName(new URL(request.url).pathname).fetch(request),
    };`,
};

afterAll(removeProjects);

test('S6.11 sockets that have closed leave nothing, round after round', async () => {
  const config = path.join(makeProject(PROJECT), 'wrangler.json');
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, config]);
  const seen = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  expect(seen).toHaveLength(4);
  seen.forEach((/** @type {Record<string, number>} */ objects, /** @type {number} */ i) => {
    const isOpen = i % 2 === 0;
    expect(objects.AwakeSocket).toBe(isOpen ? 50 : 0);
    expect(objects.SocketEnd).toBe(isOpen ? 50 : 0);
    expect(objects.WebSocket).toBeLessThanOrEqual(isOpen ? 50 : 0);
  });
});
