// What the failure tests run: objects that keep values of a given length, and say why they could not.
import { DurableObject } from 'cloudflare:workers';

/* global WebSocketPair */

export class Store extends DurableObject {
  /** A value of another length is of another letter: all of it is new to the log. */
  async put(key, bytes) {
    await this.ctx.storage.put(key, String.fromCharCode(97 + (bytes % 26)).repeat(bytes));
  }

  async read() {
    const values = await this.ctx.storage.list();
    return Object.fromEntries([...values].map(([key, value]) => [key, value.length]));
  }

  fetch() {
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  /** Stores something in the object that the message names. */
  async webSocketMessage(socket, name) {
    await this.env.STORE.getByName(name).put('told', 1);
    socket.send(`stored ${name}`);
  }
}

export default {
  async fetch(request, env) {
    const [, action, name, key, bytes] = new URL(request.url).pathname.split('/');
    const store = env.STORE.getByName(name);
    if (action === 'socket') return store.fetch(request);
    try {
      return Response.json(
        (await (action === 'put' ? store.put(key, Number(bytes)) : store.read())) ?? null,
      );
    } catch (error) {
      return new Response(error.message, { status: 507 });
    }
  },
};
