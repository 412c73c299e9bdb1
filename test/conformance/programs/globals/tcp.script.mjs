import net from 'node:net';
import { neighbourQuery } from '../../harness/neighbour.mjs';

/** One line says what the server does: `echo TEXT`, `large`, `end`, `keep`. */
function serve(socket) {
  socket.on('error', () => {});
  socket.once('data', (data) => {
    const line = `${data}`;
    if (line.startsWith('echo')) {
      let text = line;
      const answer = () => socket.end(text.slice('echo '.length));
      if (text.endsWith('\n')) answer();
      else
        socket.on('data', (more) => {
          text += more;
          if (text.endsWith('\n')) answer();
        });
    } else if (line.startsWith('large')) socket.end('x'.repeat(3_000_000));
    else if (line.startsWith('end')) {
      socket.end('the end');
      socket.resume();
    } else if (!line.startsWith('keep')) socket.destroy();
  });
}

const server = net.createServer({ allowHalfOpen: true }, serve);
const query = await neighbourQuery(server);

export const config = {
  bindings: { OBJECT: 'Talker' },
  classes: { Talker: { sqlite: true } },
  localNetwork: true,
};

const names = {
  echo: 'a connection from its start to its end',
  record: 'host and port apart',
  object: 'a connection of an object',
  'write-early': 'writes wait for the connection',
  large: 'much data',
  'half-open': 'allowHalfOpen',
  close: 'close()',
  'close-at-once': 'close() before it is open',
  refused: 'nobody listens',
  addresses: 'addresses that are none',
  options: 'options that are none',
  'start-tls': 'startTls() where it cannot be',
  'start-tls-fails': 'startTls() with a peer that speaks no TLS',
  'written-values': 'what cannot be written',
};
export const cases = Object.entries(names).map(([probe, name]) => ({
  name: `S9.3 connect: ${name}`,
  request: { path: `/${probe}?${query}` },
}));
