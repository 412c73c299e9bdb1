// The least that Node.js can do with sockets: package `ws` on `node:http`. /ws-broadcast/NAME sends to all sockets of
// that path; every other path echoes. Prints `Ready on URL`.
'use strict';

const http = require('node:http');
const { WebSocketServer } = require('ws');

/** @type {Map<string, Set<import('ws').WebSocket>>} */
const rooms = new Map();

const server = http.createServer((_request, response) => response.end('ok'));
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on('connection', (socket, request) => {
  const path = request.url ?? '/';
  if (!path.startsWith('/ws-broadcast/')) {
    socket.on('message', (message, binary) => socket.send(message, { binary }));
    return;
  }
  const room = rooms.get(path) ?? new Set();
  rooms.set(path, room.add(socket));
  socket.on('close', () => room.delete(socket));
  socket.on('message', (message, binary) => {
    for (const one of room) one.send(message, { binary });
  });
});
server.listen(0, '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(`Ready on http://127.0.0.1:${port}`);
});
