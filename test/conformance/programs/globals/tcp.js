import { connect } from 'cloudflare:sockets';
import { DurableObject } from 'cloudflare:workers';
import { answer, attempt } from '../probe.js';

const text = (bytes) => new TextDecoder().decode(bytes);
const encode = (string) => new TextEncoder().encode(string);

async function readAll(readable) {
  let all = '';
  for await (const chunk of readable) all += text(chunk);
  return all;
}

/** How the promise ends, or that it has not within a while. */
const ends = (promise) =>
  Promise.race([
    promise.then(
      (value) => `resolved ${value === undefined ? value : JSON.stringify(Object.keys(value))}`,
      (error) => `rejected ${error.name}: ${error.message}`,
    ),
    scheduler.wait(3000).then(() => 'waits'),
  ]);

/** Sends a line, gets what the server answers until it ends. */
async function talk(socket, line) {
  const writer = socket.writable.getWriter();
  await writer.write(encode(line));
  writer.releaseLock();
  return readAll(socket.readable);
}

export class Talker extends DurableObject {
  talk(port) {
    return talk(connect({ hostname: '127.0.0.1', port }), 'echo of an object\n');
  }
}

const probes = (port, closed) => ({
  echo: async () => {
    const socket = connect(`127.0.0.1:${port}`);
    const before = [
      socket.upgraded,
      socket.secureTransport,
      Object.prototype.toString.call(socket),
    ];
    const info = await socket.opened;
    const answered = await talk(socket, 'echo hello\n');
    return [
      ...before,
      info.remoteAddress === `127.0.0.1:${port}`,
      info.localAddress,
      answered,
      await ends(socket.closed),
    ];
  },
  record: () => talk(connect({ hostname: 'localhost', port }), 'echo by name\n'),
  object: ({ OBJECT }) => OBJECT.getByName('a').talk(port),
  'write-early': async () => {
    const socket = connect({ hostname: '127.0.0.1', port });
    const writer = socket.writable.getWriter();
    writer.write(encode('echo one '));
    writer.write(encode('two\n'));
    return readAll(socket.readable);
  },
  large: async () => {
    const socket = connect({ hostname: '127.0.0.1', port });
    return (await talk(socket, 'large\n')).length;
  },
  'half-open': async () => {
    const socket = connect({ hostname: '127.0.0.1', port }, { allowHalfOpen: true });
    const writer = socket.writable.getWriter();
    await writer.write(encode('end first\n'));
    const seen = await readAll(socket.readable);
    await writer.write(encode('after the end\n'));
    await writer.close();
    return seen;
  },
  close: async () => {
    const socket = connect({ hostname: '127.0.0.1', port });
    await socket.opened;
    const writer = socket.writable.getWriter();
    writer.write(encode('keep\n'));
    writer.releaseLock();
    const done = await ends(socket.close());
    return [done, await ends(socket.closed), await ends(socket.close())];
  },
  'close-at-once': async () => {
    const socket = connect({ hostname: '127.0.0.1', port });
    return [await ends(socket.close()), await ends(socket.opened)];
  },
  refused: async () => {
    const socket = connect({ hostname: '127.0.0.1', port: closed });
    const [opened, isClosed] = await Promise.all([ends(socket.opened), ends(socket.closed)]);
    const reader = socket.readable.getReader();
    return [opened, isClosed, await attempt(() => reader.read())];
  },
  addresses: () =>
    [
      '',
      'no-port',
      ':1',
      'a b:1',
      '127.0.0.1:99999',
      'x'.repeat(300) + ':1',
      {},
      { hostname: 'a' },
      { port: 1 },
      { hostname: 'a/b', port: 1 },
    ].map((address) => {
      try {
        connect(address)
          .close()
          .catch(() => {});
        return 'fine';
      } catch (error) {
        return `${error}`;
      }
    }),
  options: () =>
    [{ secureTransport: 'tls' }, { secureTransport: 5 }, 5].map((options) => {
      try {
        connect({ hostname: '127.0.0.1', port }, options)
          .close()
          .catch(() => {});
        return 'fine';
      } catch (error) {
        return `${error}`;
      }
    }),
  'start-tls': async () => {
    const plain = connect({ hostname: '127.0.0.1', port });
    const secure = connect({ hostname: '127.0.0.1', port }, { secureTransport: 'on' });
    secure.opened.catch(() => {});
    return [await attempt(() => plain.startTls()), await attempt(() => secure.startTls())];
  },
  'start-tls-fails': async () => {
    const socket = connect({ hostname: '127.0.0.1', port }, { secureTransport: 'starttls' });
    await socket.opened;
    const before = [socket.upgraded, socket.secureTransport];
    const secure = socket.startTls();
    const outcome = await ends(secure.opened);
    return [
      ...before,
      socket.upgraded,
      secure.secureTransport,
      outcome.split(' ')[0],
      await ends(socket.closed),
      await attempt(() => socket.startTls()),
    ];
  },
  'written-values': async () => {
    const socket = connect({ hostname: '127.0.0.1', port });
    const writer = socket.writable.getWriter();
    const outcome = await attempt(() => writer.write(5));
    return [outcome];
  },
});

export default {
  fetch(request, env) {
    const { searchParams } = new URL(request.url);
    const all = probes(Number(searchParams.get('port')), Number(searchParams.get('closed')));
    return answer(all, request, env);
  },
};
