import { DurableObject } from 'cloudflare:workers';
import { attemptSync, show } from '../probe.js';

/** Accepts the server end with accept(); the path names what it does. */
const behaviours = {
  echo(server) {
    server.addEventListener('message', ({ data }) => server.send(data));
  },
  greet(server) {
    server.send('first');
    server.send(new Uint8Array([1, 2, 3]));
    server.send(new Uint8Array([9, 8, 7, 6]).subarray(1, 3));
    server.send(new ArrayBuffer(2));
    server.send(5);
    server.send({ toString: () => 'object' });
    server.send('');
  },
  types(server) {
    server.addEventListener('message', (event) => {
      server.send(
        `${event.type} ${event.constructor.name} ${event.data.constructor.name} ${server.binaryType}`,
      );
    });
  },
  arraybuffer(server) {
    server.binaryType = 'arraybuffer';
    server.addEventListener('message', (event) => server.send(show(event.data)));
  },
  'on-property'(server) {
    server.onmessage = ({ data }) => server.send(`on ${data}`);
    server.addEventListener('message', ({ data }) => server.send(`listener ${data}`));
  },
  throwing(server) {
    server.addEventListener('message', ({ data }) => {
      server.send(`before ${data}`);
      throw new Error('in a listener');
    });
    server.addEventListener('message', ({ data }) => server.send(`second ${data}`));
  },
  'close-now'(server) {
    server.send('bye');
    server.close(4001, 'closed by the server');
  },
  'close-plain'(server) {
    server.addEventListener('message', () => server.close());
  },
  'close-checks'(server, report) {
    server.addEventListener('message', () => {
      const outcomes = [
        attemptSync(() => server.close(999)),
        attemptSync(() => server.close(1005)),
        attemptSync(() => server.close(1006)),
        attemptSync(() => server.close(5000)),
        attemptSync(() => server.close(3000, 'x'.repeat(124))),
        attemptSync(() => server.close(undefined, 'reason')),
        server.readyState,
      ];
      server.send(show(outcomes));
      server.close(3000, 'é'.repeat(61));
      const after = [
        server.readyState,
        attemptSync(() => server.send('late')),
        attemptSync(() => server.close(1000)),
      ];
      report(after);
    });
  },
  'close-event'(server, report) {
    server.addEventListener('close', ({ code, reason, wasClean, type, constructor }) => {
      report([type, constructor.name, code, reason, wasClean, server.readyState]);
    });
    server.addEventListener('error', ({ message }) => report(['error', message]));
  },
  left(server, report) {
    server.addEventListener('close', ({ code, wasClean }) => {
      const before = server.readyState;
      const closed = attemptSync(() => server.close(1000));
      const after = [server.readyState, attemptSync(() => server.send('late'))];
      report([code, wasClean, before, closed, after]);
      setTimeout(() => report([server.readyState]), 0);
    });
  },
  state(server) {
    server.send(
      show([
        server.readyState,
        server.url,
        server.protocol,
        server.extensions,
        WebSocket.OPEN,
        server.CLOSED,
      ]),
    );
  },
  async delayed(server) {
    server.addEventListener('message', async ({ data }) => {
      await scheduler.wait(data === 'slow' ? 200 : 0);
      server.send(`done ${data}`);
    });
  },
};

/** What a behaviour saw after the connection was over, by the `key` of the address. */
const reports = new Map();

export class Sockets extends DurableObject {
  fetch(request) {
    const url = new URL(request.url);
    const name = url.pathname.slice(1);
    const key = url.searchParams.get('key');
    if (name === 'reported') {
      return new Response(reports.get(key)?.join('\n') ?? 'nothing yet');
    }
    const [client, server] = Object.values(new WebSocketPair());
    server.accept();
    behaviours[name](server, (lines) =>
      reports.set(key, [...(reports.get(key) ?? []), show(lines)]),
    );
    return new Response(null, {
      status: 101,
      webSocket: client,
      headers: { 'x-kind': name, ...protocolHeader(request) },
    });
  }
}

function protocolHeader(request) {
  const offered = request.headers.get('sec-websocket-protocol');
  return offered ? { 'Sec-WebSocket-Protocol': offered.split(',')[0].trim() } : {};
}

export default {
  fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname === '/in-worker') {
      const { 0: client, 1: server } = new WebSocketPair();
      server.accept();
      server.addEventListener('message', ({ data }) => server.send(`worker ${data}`));
      return new Response(null, { status: 101, webSocket: client });
    }
    if (pathname === '/declined') return new Response('no sockets here', { status: 426 });
    return env.SOCKETS.getByName('s').fetch(request);
  },
};
