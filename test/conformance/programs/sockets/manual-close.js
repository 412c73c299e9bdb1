import { DurableObject } from 'cloudflare:workers';
import { show } from '../probe.js';

/** What the server end saw, by the `key` of the address. */
const reports = new Map();

/** Standard sockets before `web_socket_auto_reply_to_close`: the application answers a Close itself. */
export class Sockets extends DurableObject {
  fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === '/closed') return this.#closed();
    const key = searchParams.get('key');
    if (pathname === '/reported') return new Response(reports.get(key) ?? 'nothing yet');
    const [client, server] = Object.values(new WebSocketPair());
    server.accept();
    server.addEventListener('message', ({ data }) => {
      server.send(`${server.binaryType} ${typeof data === 'string' ? data : show(data)}`);
    });
    server.addEventListener('close', ({ code, reason, wasClean }) => {
      const before = server.readyState;
      server.send('sent after the close arrived');
      server.close(code === 1005 ? 1000 : code, 'answered by hand');
      reports.set(key, show([code, reason, wasClean, before, server.readyState]));
    });
    return new Response(null, { status: 101, webSocket: client });
  }

  /** What `allowHalfOpen` means without the flag, by the states after one end closed. */
  async #closed() {
    const values = [undefined, false, true];
    const pairs = values.map((allowHalfOpen) => {
      const [a, b] = Object.values(new WebSocketPair());
      a.accept();
      b.accept({ allowHalfOpen });
      a.close(4001, 'bye');
      return [a, b];
    });
    await scheduler.wait(100);
    return Response.json(pairs.map((ends) => ends.map(({ readyState }) => readyState)));
  }
}

export default {
  fetch: (request, env) => env.SOCKETS.getByName('s').fetch(request),
};
