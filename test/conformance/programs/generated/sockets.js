// What WebSockets of the Worker and of objects do in an order that a seed determines. Each end writes down what it did and what it
// was told; the order between ends is nobody's promise and is not shown.
import { DurableObject } from 'cloudflare:workers';
import { attempt, attemptSync } from '../probe.js';
import { anyStep, Ends, line, objectStep, Random, tagLists } from './socket-ends.js';

const steps = 14;
/** Long enough for what a step sets off, on both runtimes. */
const settledMs = 25;

export class Talker extends DurableObject {
  #ends;

  constructor(ctx, env) {
    super(ctx, env);
    this.#ends = new Ends(ctx);
  }

  async fetch(request) {
    const plan = JSON.parse(request.headers.get('plan'));
    const name = `${plan.name} object`;
    if (plan.passes) return this.#pass(request, plan, name);
    const [client, server] = Object.values(new WebSocketPair());
    this.#ends.add(name, server);
    const accepted = attemptSync(() => {
      if (plan.kind === 'hibernatable') {
        this.ctx.acceptWebSocket(server, plan.tags);
        server.serializeAttachment({ name });
      } else if (plan.kind === 'standard') server.accept(plan.options ?? undefined);
    });
    this.#ends.log(name, `accepted ${line(plan.tags)} ${line(accepted)}`);
    if (plan.kind === 'standard') this.#ends.watch(name);
    this.#ends.act(plan.first.map((step) => ({ ...step, end: name })));
    return new Response(null, { status: 101, webSocket: client });
  }

  /** The socket of another object, as it is or through this object's hands. */
  async #pass(request, plan, name) {
    const response = await this.env.TALKER.getByName(`${plan.seed} far`).fetch('http://do/', {
      headers: { Upgrade: 'websocket', plan: JSON.stringify({ ...plan, passes: false }) },
    });
    if (plan.passes === 'through') return response;
    const { webSocket } = response;
    const [client, server] = Object.values(new WebSocketPair());
    for (const [which, ws] of Object.entries({ near: server, dialed: webSocket })) {
      this.#ends.add(`${name} ${which}`, ws);
      ws.accept();
      this.#ends.watch(`${name} ${which}`);
    }
    server.addEventListener('message', ({ data }) => attemptSync(() => webSocket.send(data)));
    webSocket.addEventListener('message', ({ data }) => attemptSync(() => server.send(data)));
    return new Response(null, { status: 101, webSocket: client });
  }

  act(steps) {
    this.#ends.act(steps);
  }

  shown() {
    return this.#ends.show();
  }

  webSocketMessage(ws, message) {
    return this.#ends.handle(this.#ends.nameOf(ws), ws, 'message', [message]);
  }

  webSocketClose(ws, code, reason, wasClean) {
    return this.#ends.handle(this.#ends.nameOf(ws), ws, 'close', [code, reason, wasClean]);
  }

  webSocketError(ws, error) {
    return this.#ends.handle(this.#ends.nameOf(ws), ws, 'error', [error]);
  }
}

class History {
  #r;
  #seed;
  #ends = new Ends();
  #objects;
  /** @type {{end: string, at?: string, most: string}[]} at: the object where the end lives; most: see anyStep() */
  #places = [];

  constructor(seed, env) {
    this.#r = new Random(seed);
    this.#seed = seed;
    this.#objects = {
      near: env.TALKER.getByName(`${seed} near`),
      far: env.TALKER.getByName(`${seed} far`),
    };
  }

  async run() {
    const links = 1 + this.#r.below(3);
    for (let i = 0; i < links; i++) await this.#link(`L${i}`);
    await scheduler.wait(settledMs);
    for (let i = 0; i < steps; i++) {
      await this.#step();
      await scheduler.wait(settledMs);
    }
    await scheduler.wait(2 * settledMs);
    return [
      ...this.#ends.show(),
      ...(await this.#objects.near.shown()),
      '-- far',
      ...(await this.#objects.far.shown()),
    ].join('\n');
  }

  async #link(name) {
    const r = this.#r;
    if (r.chance(25)) return this.#pair(name);
    const plan = {
      name,
      seed: this.#seed,
      kind: r.weighted([
        [6, 'hibernatable'],
        [4, 'standard'],
        [1, 'unaccepted'],
      ]),
      tags: r.chance(70) ? r.pick(tagLists.slice(0, 4)) : r.pick(tagLists),
      options: r.pick([null, { allowHalfOpen: true }, {}]),
      first: r.list(2, () => (r.chance(70) ? anyStep(r) : objectStep(r))),
      passes: r.weighted([
        [6, false],
        [2, 'through'],
        [2, 'by hand'],
      ]),
    };
    // Commands overtake each other at a relay. What an exception in a listener leaves of what is on its way to another object or
    // Worker is a matter of luck.
    const [most, quieter] = plan.passes === 'by hand' ? ['plain', 'plain'] : ['throws', 'commands'];
    const acceptOptions = r.pick([undefined, { allowHalfOpen: true }, {}]);
    const accepts = r.chance(92);
    let webSocket;
    const dialed = await attempt(async () => {
      const response = await this.#objects.near.fetch('http://do/', {
        headers: { Upgrade: 'websocket', plan: JSON.stringify(plan) },
      });
      webSocket = response.webSocket;
      return response.status;
    });
    const end = `${name} Worker`;
    this.#ends.log(end, `dialed ${line(dialed)}`);
    if (webSocket) {
      this.#ends.add(end, webSocket);
      if (accepts) webSocket.accept(acceptOptions);
      this.#ends.watch(end);
      this.#places.push({ end, most: plan.kind === 'hibernatable' ? most : quieter });
    }
    this.#places.push({ end: `${name} object`, at: plan.passes ? 'far' : 'near', most: quieter });
    if (plan.passes === 'by hand') {
      for (const which of ['near', 'dialed'])
        this.#places.push({ end: `${name} object ${which}`, at: 'near', most });
    }
  }

  #pair(name) {
    const [a, b] = Object.values(new WebSocketPair());
    for (const [which, ws] of Object.entries({ a, b })) {
      const end = `${name} ${which}`;
      this.#ends.add(end, ws);
      if (this.#r.chance(85)) {
        const options = this.#r.pick([undefined, { allowHalfOpen: true }, {}]);
        this.#ends.log(
          end,
          `accepted ${line(options)} ${line(attemptSync(() => ws.accept(options)))}`,
        );
      }
      this.#ends.watch(end);
      this.#places.push({ end, most: 'throws' });
    }
  }

  async #step() {
    const r = this.#r;
    const { end, at, most } = r.pick(this.#places);
    const length = r.weighted([
      [4, 1],
      [1, 2],
      [1, 3],
    ]);
    const burst = Array.from({ length }, () =>
      at && r.chance(35)
        ? objectStep(r, end)
        : anyStep(r, end, length > 1 && most === 'throws' ? 'commands' : most),
    );
    if (at) await this.#objects[at].act(burst);
    else this.#ends.act(burst);
  }
}

export default {
  async fetch(request, env) {
    const seed = Number(new URL(request.url).pathname.slice(1));
    return new Response(await new History(seed, env).run());
  },
};
