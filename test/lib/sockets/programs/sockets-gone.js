// Opens sockets of objects, closes them, and prints how many JavaScript objects there are for them before, meanwhile and after.
//
//   node sockets-gone.js CONFIG
//
// A process of its own: to count objects V8 collects all garbage, which takes long in the heap of Jest.
'use strict';

const { once } = require('node:events');
const v8 = require('node:v8');
const { WebSocket: Client } = require('ws');
const { AwakeSocket } = require('../../../../lib/sockets/awake-socket');
const { SocketEnd } = require('../../../../lib/web/sockets/socket-end');
const { WebSocket } = require('../../../../lib/web/internal');
const { createRuntime } = require('../../../..');

const kSockets = 50;
const kRounds = 2;
const kinds = { AwakeSocket, SocketEnd, WebSocket };

/** @param {Function} type */
const count = (type) => Number(v8.queryObjects(type, { format: 'count' }));
const objects = () =>
  Object.fromEntries(Object.entries(kinds).map(([name, type]) => [name, count(type)]));

/** @param {number} port @param {number} i */
async function open(port, i) {
  const client = new Client(`ws://127.0.0.1:${port}/room-${i % 4}`);
  await once(client, 'open');
  client.send('hello');
  await once(client, 'message');
  return client;
}

/** @param {Client} client @param {number} i half of them say good-bye, the others vanish */
async function leave(client, i) {
  const closed = once(client, 'close');
  if (i % 2 === 0) client.close(1000);
  else client.terminate();
  await closed;
}

async function main() {
  const runtime = await createRuntime({ config: process.argv[2] });
  const { port } = await runtime.listen({ port: 0 });
  const seen = [];
  for (let round = 0; round < kRounds; round += 1) {
    const clients = [];
    for (let i = 0; i < kSockets; i += 1) clients.push(await open(port, i));
    seen.push(objects());
    await Promise.all(clients.map(leave));
    // The peer's end is over before the object was told; whatever stays for ever keeps this from ending.
    while (count(AwakeSocket) > 0) await new Promise((resolve) => setImmediate(resolve));
    seen.push(objects());
  }
  await runtime.close();
  console.log(JSON.stringify(seen));
}

void main();
