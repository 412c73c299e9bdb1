// TLS by `cloudflare:sockets`: `node tls-client.js certFile keyFile`, with that certificate trusted (NODE_EXTRA_CA_CERTS). Prints what
// a client of the own servers sees, as JSON.
'use strict';

const { once } = require('node:events');
const fs = require('node:fs');
const net = require('node:net');
const tls = require('node:tls');
const { connect } = require('../../../lib/web/tcp/tcp-socket.js');

const [certFile, keyFile] = process.argv.slice(2);
const files = { cert: fs.readFileSync(certFile), key: fs.readFileSync(keyFile) };
const text = (/** @type {Uint8Array} */ bytes) => new TextDecoder().decode(bytes);

/** @param {net.Server} server */
async function listen(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return /** @type {net.AddressInfo} */ (server.address()).port;
}

/** @param {any} socket @param {string} line @returns {Promise<string>} everything until the peer ends */
async function talk(socket, line) {
  const writer = socket.writable.getWriter();
  await writer.write(new TextEncoder().encode(line));
  writer.releaseLock();
  let all = '';
  for await (const chunk of socket.readable) all += text(chunk);
  return all;
}

/** @param {Promise<unknown>} promise */
const outcome = (promise) =>
  promise.then(
    () => 'resolved',
    (error) => `rejected ${error.message}`,
  );

async function main() {
  const secureServer = tls.createServer(files, (socket) => {
    socket.on('error', () => {});
    socket.once('data', (data) => socket.end(`secure ${data}`));
  });
  const plainServer = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (data) => {
      socket.write(`ready for ${data}`);
      const secure = new tls.TLSSocket(socket, { isServer: true, ...files });
      secure.on('error', () => {});
      secure.once('data', (more) => secure.end(`secured ${more}`));
    });
  });
  const securePort = await listen(secureServer);
  const plainPort = await listen(plainServer);

  const on = connect({ hostname: 'localhost', port: securePort }, { secureTransport: 'on' });
  const byName = [await talk(on, 'hello'), await outcome(on.closed)];
  const wrong = connect({ hostname: '127.0.0.1', port: securePort }, { secureTransport: 'on' });
  const byAddress = [await outcome(wrong.opened), await outcome(wrong.closed)];

  const plain = connect(
    { hostname: 'localhost', port: plainPort },
    { secureTransport: 'starttls' },
  );
  const writer = plain.writable.getWriter();
  await writer.write(new TextEncoder().encode('upgrade'));
  writer.releaseLock();
  const reader = plain.readable.getReader();
  const ready = text((await reader.read()).value);
  reader.releaseLock();
  const secure = plain.startTls();
  const started = [
    ready,
    plain.upgraded,
    secure.secureTransport,
    await talk(secure, 'secret'),
    await outcome(plain.closed),
    await outcome(secure.closed),
  ];
  console.log(JSON.stringify({ byName, byAddress, started }));
  secureServer.close();
  plainServer.close();
}

main();
