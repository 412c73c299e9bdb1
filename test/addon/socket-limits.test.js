// Every limit of the server for WebSockets, set by its name and met over a real connection (docs/limits.md).
'use strict';

const { once } = require('node:events');
const { WebSocket } = require('ws');
const { Peer, limitTests, serverLimits, standstill } = require('../support/limited-server');
const { removeProjects } = require('../support/project-files');
const { openSocket } = require('../support/socket');

const { hit, names } = limitTests();
afterAll(removeProjects);

/** A peer that is through with its handshake and says nothing by itself. @param {number} port */
async function mute(port) {
  const peer = new Peer(port);
  peer.upgrade('/room');
  await peer.until(/\r\n\r\n$/);
  peer.received = '';
  return peer;
}

hit(
  'socketMessageBytesMax',
  'S6.9.1 a longer message closes with 1009',
  { socketMessageBytesMax: 100 },
  async ({ url }) => {
    const socket = await openSocket(`${url}/room`);
    socket.send('x'.repeat(100));
    expect(await socket.next()).toHaveLength(100);
    socket.send('x'.repeat(101));
    expect(await socket.closed).toMatchObject({ code: 1009 });
  },
);

hit(
  'socketInboundBytesMax',
  'messages that wait for their object are not read further, and arrive when it goes on',
  { socketInboundBytesMax: 1_000 },
  async (server) => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/room`);
    await once(socket, 'open');
    socket.send('hold');
    await server.askUntil('/seen', /held room/);
    const message = 'x'.repeat(65_536);
    const count = 1_024;
    let taken = 0;
    for (let i = 0; i < count; i += 1) socket.send(message, () => (taken += 1));
    expect(await standstill(server, () => taken)).toBeLessThan(count);
    let answers = 0;
    socket.on('message', (data) => (answers += Number(String(data) === '65536')));
    await server.ask('/release/room');
    while (answers < count) await once(socket, 'message');
    socket.terminate();
  },
);

hit(
  'socketOutboundBytesMax',
  'a peer that reads nothing is dropped, and its object sees 1006',
  { socketOutboundBytesMax: 4_000_000 },
  async ({ url, askUntil }) => {
    const socket = await openSocket(`${url}/room`);
    socket.send('flood');
    socket.pause();
    await askUntil('/seen', /closed 1006/);
    socket.resume();
    expect(await socket.closed).toMatchObject({ code: 1006 });
  },
);

hit(
  'socketPingIntervalMs',
  'an idle peer is pinged; one that answers stays, one that does not is dropped',
  { socketPingIntervalMs: 30 },
  async ({ port, url, askUntil }) => {
    const alive = new WebSocket(`${url.replace('http', 'ws')}/room`);
    await once(alive, 'open');
    const dead = await mute(port);
    // Two pings of no bytes, and then nothing: no Close frame, which a dead peer would not read.
    expect(await dead.toEnd()).toBe('\x89\x00\x89\x00');
    await askUntil('/seen', /^closed 1006$/);
    for (let i = 0; i < 4; i += 1) await once(alive, 'ping');
    alive.send('still here');
    const [answer] = await once(alive, 'message');
    expect(String(answer)).toBe('still here');
    alive.terminate();
  },
);

hit(
  'kRepliesQueuedMax',
  'S6.4.6 a peer that pings and takes no pong is not read, until it does',
  {},
  async (server) => {
    const peer = await mute(server.port);
    peer.socket.pause();
    const pings = Buffer.from(`\x89\xfd\0\0\0\0${'p'.repeat(125)}`.repeat(512), 'latin1');
    const count = 512;
    let taken = 0;
    for (let i = 0; i < count; i += 1) peer.socket.write(pings, () => (taken += 1));
    expect(await standstill(server, () => taken)).toBeLessThan(count);
    let bytes = 0;
    peer.socket.removeAllListeners('data');
    peer.socket.on('data', (data) => (bytes += data.length)).resume();
    while (bytes < count * 512 * 127) await once(peer.socket, 'data');
    peer.socket.destroy();
  },
);

hit(
  'closeHandshakeTimeoutMs',
  'a peer that does not answer our Close frame is cut',
  { closeHandshakeTimeoutMs: 20 },
  async ({ port, askUntil }) => {
    const peer = await mute(port);
    peer.write('\x81\x85\0\0\0\0close');
    expect(await peer.toEnd()).toBe('\x88\x0c\x0f\xa0on purpose');
    await askUntil('/seen', /closed 1006/);
  },
);

hit(
  'kHibernatableSocketsMax',
  'S6.10.4 an object accepts 32,768 sockets and no more',
  {},
  async ({ ask, runtime }) => {
    expect(await ask('/accept/32768')).toBe('32768');
    await expect(runtime.env.ROOM.getByName('many').accept(1)).rejects.toThrow(
      'only 32768 websockets can be accepted on a single Durable Object instance',
    );
  },
);

test('every limit of the server for sockets is met here', () => {
  expect(names.filter((name) => serverLimits.includes(name))).toEqual(
    serverLimits.filter((name) => /^(socket|closeHandshake)/.test(name)),
  );
});
