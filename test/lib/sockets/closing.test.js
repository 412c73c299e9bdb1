// A close of a socket that is on its way when the runtime closes.
'use strict';

/* global WebSocketPair */

const { createRuntime, DurableObject } = require('../../support/runtime');

class Room extends DurableObject {
  fetch() {
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
}

test('it is lost without a word', async () => {
  /** @type {unknown[]} */
  const thrown = [];
  const note = (/** @type {unknown} */ error) => void thrown.push(error);
  process.on('uncaughtException', note);
  const runtime = await createRuntime({ durableObjects: { ROOM: Room } });
  const stub = runtime.env.ROOM.getByName('room');
  const { webSocket } = await stub.fetch('http://x/', { headers: { upgrade: 'websocket' } });
  webSocket.accept();
  const closed = runtime.close();
  webSocket.close(1000);
  await closed;
  await new Promise((resolve) => setImmediate(resolve));
  process.off('uncaughtException', note);
  expect(thrown).toEqual([]);
});
