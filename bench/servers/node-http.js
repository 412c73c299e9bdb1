// The least that Node.js can do: `node:http` answering /hello. Prints `Ready on URL`.
'use strict';

const http = require('node:http');

const server = http.createServer((_request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/plain;charset=UTF-8', 'Content-Length': 13 });
  response.end('Hello, World!');
});
server.listen(0, '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(`Ready on http://127.0.0.1:${port}`);
});
