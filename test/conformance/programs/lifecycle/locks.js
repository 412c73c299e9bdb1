import { DurableObject } from 'cloudflare:workers';
import { answer, attempt } from '../probe.js';

/** Of both objects of a probe: the order in which things happened. */
class Locked extends DurableObject {
  #seen = [];

  seen() {
    return this.#seen.splice(0);
  }

  async microtasks(name) {
    for (let i = 0; i < 5; i += 1) {
      this.#seen.push(`${name}${i}`);
      await undefined;
    }
  }

  async reads(name) {
    for (let i = 0; i < 3; i += 1) {
      this.#seen.push(`${name}${i}`);
      await this.ctx.storage.get(`k${i}`);
      await this.ctx.storage.put(`k${i}`, i);
      await this.ctx.storage.list();
      await this.ctx.storage.getAlarm();
      await this.ctx.storage.delete(`k${i}`);
    }
  }

  async waits(name) {
    for (let i = 0; i < 2; i += 1) {
      this.#seen.push(`${name}${i}`);
      await scheduler.wait(30);
    }
  }

  /** In a section: a timer, a call and a fetch of its own; outside of it: a timer and other events. */
  async section() {
    setTimeout(() => this.#seen.push('timer of before'), 5);
    await this.ctx.blockConcurrencyWhile(async () => {
      this.#seen.push('section');
      await scheduler.wait(40);
      this.#seen.push('own timer');
      await this.env.OTHER.getByName('other').seen();
      this.#seen.push('own call');
      await (await this.env.OTHER.getByName('other').fetch('http://x/')).text();
      this.#seen.push('own fetch');
    });
    this.#seen.push('after');
  }

  note(name) {
    this.#seen.push(name);
  }

  fetch(request) {
    if (request.headers.get('upgrade') !== 'websocket') return new Response('plain');
    const [client, server] = Object.values(new WebSocketPair());
    server.accept();
    server.send('hello');
    return new Response(null, { status: 101, webSocket: client, headers: { a: 'b' } });
  }
}

// The class of a binding is a named export, whatever it is called inside.
export { Locked as Aliased };
export class Other extends DurableObject {
  seen() {
    return [];
  }
  fetch() {
    return new Response('other');
  }
}

const probes = {
  async microtasks({ LOCKED }) {
    const stub = LOCKED.getByName('microtasks');
    await Promise.all([stub.microtasks('a'), stub.microtasks('b')]);
    return stub.seen();
  },
  async storage({ LOCKED }) {
    const stub = LOCKED.getByName('storage');
    await Promise.all([stub.reads('a'), stub.reads('b'), stub.note('c')]);
    return stub.seen();
  },
  async timers({ LOCKED }) {
    const stub = LOCKED.getByName('timers');
    await Promise.all([stub.waits('a'), stub.waits('b')]);
    return stub.seen();
  },
  async section({ LOCKED }) {
    const stub = LOCKED.getByName('section');
    await Promise.all([stub.section(), stub.note('event')]);
    return stub.seen();
  },
  async 'socket-of-response'({ LOCKED }) {
    const stub = LOCKED.getByName('socket');
    const response = await stub.fetch('http://x/', { headers: { upgrade: 'websocket' } });
    const socket = response.webSocket;
    const message = new Promise((resolve) => socket.addEventListener('message', resolve));
    socket.accept();
    return [
      response.status,
      [...response.headers],
      socket instanceof WebSocket,
      (await message).data,
      (await stub.fetch('http://x/')).webSocket,
    ];
  },
  aliased: ({ LOCKED }) => attempt(() => LOCKED.getByName('aliased').seen()),
};

export default { fetch: (request, env) => answer(probes, request, env) };
