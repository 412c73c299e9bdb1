// Sockets that go through several hands, as a seed determines: objects and Workers, called by their bindings or through the network, each
// of which hands the socket of the next on or relays messages itself. Each end writes down what it did and what it was told; the order
// between ends is nobody's promise and is not shown.
import { DurableObject, WorkerEntrypoint } from 'cloudflare:workers';
import { attempt, attemptSync } from '../probe.js';
import { anyStep, Ends, line, objectStep, Random, tagLists } from './socket-ends.js';

const steps = 12;
/** Long enough for what a step sets off, on both runtimes. */
const settledMs = 30;
/** Longer than what was sent together takes to arrive. */
const waitMs = 8;

/** What happened to each end, by the seed: it outlives the instances of objects. @type {Map<string, Map<string, string[]>>} */
const histories = new Map();

function endsOf(seed, ctx) {
  if (!histories.has(seed)) histories.set(seed, new Map());
  const ends = new Ends(ctx, histories.get(seed));
  ends.waitMs = waitMs;
  return ends;
}

/** One place that sockets come to and go from. */
class Place {
  #where;
  #env;
  #ends;

  constructor(where, env, ends) {
    this.#where = where;
    this.#env = env;
    this.#ends = ends;
  }

  /** A request that came here: the last hop answers it, others go to the next. */
  async answer(plan) {
    const [, next] = plan.hops;
    if (next === undefined) return this.#accept(plan);
    if (plan.hops[0].hands === 'through') return this.#fetchNext(plan);
    const name = this.#nameOf(plan);
    const [client, server] = Object.values(new WebSocketPair());
    const dialed = await this.dial(plan, `${name} out`);
    if (dialed === undefined) return new Response('nobody', { status: 502 });
    this.#ends.add(`${name} in`, server);
    server.accept();
    this.#ends.watch(`${name} in`);
    this.#relay(`${name} in`, server, dialed, plan.hops[0]);
    this.#relay(`${name} out`, dialed, server, plan.hops[0]);
    return new Response(null, { status: 101, webSocket: client });
  }

  /** Connects to the next hop. @returns {Promise<WebSocket | undefined>} accepted, or dialed by its URL */
  async dial(plan, end) {
    const [, { calls }] = plan.hops;
    let ws;
    const outcome = await attempt(async () => {
      if (calls === 'constructor') {
        ws = new WebSocket(`ws://${plan.host}/${plan.seed}/hop?plan=${encoded(rest(plan))}`);
        return undefined;
      }
      const response = await this.#fetchNext(plan);
      ws = response.webSocket;
      return response.status;
    });
    this.#ends.log(end, `dialed ${line(outcome)}`);
    if (!ws) return undefined;
    this.#ends.add(end, ws);
    if (calls === 'constructor') await opened(ws);
    else ws.accept();
    this.#ends.watch(end);
    return ws;
  }

  #fetchNext(plan) {
    const [, { at, calls }] = plan.hops;
    const next = rest(plan);
    const url = `http://${calls === 'network' ? plan.host : 'do'}/${plan.seed}/hop?plan=${encoded(next)}`;
    const init = { headers: { Upgrade: 'websocket' } };
    return calls === 'network'
      ? fetch(url, init)
      : targetOf(this.#env, plan.seed, at).fetch(url, init);
  }

  #relay(end, from, to, { closes, binaryType }) {
    from.binaryType = binaryType;
    from.addEventListener('message', ({ data }) => {
      const { text } = attemptSync(() => to.send(data));
      if (text.startsWith('threw')) this.#ends.log(end, `cannot pass it on: ${text}`);
    });
    if (!closes) return;
    from.addEventListener('close', ({ code, reason }) =>
      attemptSync(() => (code === 1005 ? to.close() : to.close(code, reason))),
    );
  }

  #accept({ name, last }) {
    const [client, server] = Object.values(new WebSocketPair());
    const end = `${name} last`;
    this.#ends.add(end, server);
    const outcome = attemptSync(() => {
      if (last.kind === 'hibernatable' && this.#ends.isOfObject) {
        this.#ends.hibernate(server, last.tags);
        server.serializeAttachment({ name: end });
      } else server.accept();
    });
    this.#ends.log(end, `accepted ${line(outcome)}`);
    if (last.kind === 'standard' || !this.#ends.isOfObject) this.#ends.watch(end);
    const r = new Random(last.first);
    const isOfObject = this.#ends.isOfObject;
    const first = r.list(2, () =>
      r.chance(70) || !isOfObject ? anyStep(r, end) : objectStep(r, end),
    );
    this.#ends.act(sendable(first));
    return new Response(null, { status: 101, webSocket: client });
  }

  #nameOf({ name, hops }) {
    return `${name} ${hops.length} ${this.#where}`;
  }
}

const encoded = (plan) => encodeURIComponent(JSON.stringify(plan));
const rest = (plan) => ({ ...plan, hops: plan.hops.slice(1) });
const targetOf = (env, seed, at) =>
  at === 'side' ? env.SIDE : env.TALKER.getByName(`${seed} ${at}`);

function opened(ws) {
  return new Promise((resolve) => {
    for (const type of ['open', 'close']) ws.addEventListener(type, resolve, { once: true });
  });
}

/** Without codes that Holdfast's connections to others do not send (RFC 6455, 7.4.2). */
const sendable = (steps) => JSON.parse(JSON.stringify(steps).replace(/\b(1016|2999)\b/g, '3001'));

const planOf = (url) => JSON.parse(new URL(url).searchParams.get('plan'));

export class Talker extends DurableObject {
  #ends;

  constructor(ctx, env) {
    super(ctx, env);
    this.#ends = endsOf(ctx.id.name.split(' ')[0], ctx);
  }

  fetch(request) {
    const at = this.ctx.id.name.split(' ')[1];
    return new Place(at, this.env, this.#ends).answer(planOf(request.url));
  }

  act(steps) {
    this.#ends.act(steps);
  }

  abort(end) {
    this.#ends.log(end, 'its object aborts');
    this.ctx.abort('by a step');
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

/** Another Worker. */
export class Side extends WorkerEntrypoint {
  fetch(request) {
    const plan = planOf(request.url);
    const ends = endsOf(plan.seed);
    ends.waitMs = 0; // its call ends with its last socket, and then workerd does not come back to a handler
    return new Place('side', this.env, ends).answer(plan);
  }
}

class History {
  #r;
  #seed;
  #host;
  #only;
  #env;
  #ends;
  /** @type {{end: string, at?: string, most: string}[]} at: the object where the end lives; most: see anyStep() */
  #places = [];

  /** @param {string} [only] how each hop is called; by default in all ways */
  constructor(seed, env, host, only) {
    this.#r = new Random(Number(seed));
    this.#seed = seed;
    this.#env = env;
    this.#host = host;
    this.#only = only;
    this.#ends = endsOf(seed);
  }

  async run() {
    const links = 1 + this.#r.below(2);
    for (let i = 0; i < links; i++) await this.#link(`L${i}`);
    await scheduler.wait(settledMs);
    for (let i = 0; i < steps; i++) {
      await this.#step();
      await scheduler.wait(settledMs);
    }
    await scheduler.wait(2 * settledMs);
    return this.#ends.show().join('\n').replaceAll(this.#host, 'HOST');
  }

  async #link(name) {
    const r = this.#r;
    const length = r.weighted([
      [3, 1],
      [3, 2],
      [2, 3],
    ]);
    const hops = Array.from({ length }, () => ({
      at: r.pick(['near', 'far', 'near', 'side']),
      calls: r.weighted([
        [3, 'binding'],
        [2, 'network'],
        [2, 'constructor'],
      ]),
      hands: r.pick(['through', 'by hand']),
      closes: r.chance(50),
      ...(this.#only && { calls: this.#only }),
      binaryType: r.pick(['arraybuffer', 'arraybuffer', 'blob']),
    }));
    // Who dials by a URL has no Response to hand on.
    for (const [i, hop] of hops.entries())
      if (hops[i + 1]?.calls === 'constructor') hop.hands = 'by hand';
    const kind = r.pick(['hibernatable', 'hibernatable', 'standard']);
    const { at } = hops.at(-1);
    const last = {
      kind: at === 'side' ? 'standard' : kind,
      tags: r.pick(tagLists.slice(0, 4)),
      // A URL has no room for long messages.
      first: r.below(1e6),
    };
    const plan = { name, seed: this.#seed, host: this.#host, hops: [{}, ...hops], last };
    const end = `${name} Worker`;
    this.#ends.log(end, line(hops.map((hop) => Object.values(hop).join(' '))));
    const ws = await new Place('Worker', this.#env, this.#ends).dial(plan, end);
    if (ws === undefined) return;
    // Commands overtake each other at a relay.
    const relayed = hops.some(({ hands }, i) => hands === 'by hand' && i < length - 1);
    const most = relayed ? 'plain' : 'commands';
    this.#places.push({ end, most });
    if (at !== 'side') this.#places.push({ end: `${name} last`, at, most });
    for (const [i, hop] of hops.slice(0, -1).entries()) {
      if (hop.hands === 'through' || hop.at === 'side') continue;
      for (const which of ['in', 'out'])
        this.#places.push({
          end: `${name} ${length - i} ${hop.at} ${which}`,
          at: hop.at,
          most: 'plain',
        });
    }
  }

  async #step() {
    const r = this.#r;
    if (this.#places.length === 0) return;
    const { end, at, most } = r.pick(this.#places);
    const burst = Array.from({ length: 1 + r.below(3) }, () =>
      at && r.chance(35) ? objectStep(r, end) : anyStep(r, end, most),
    );
    if (!at) return this.#ends.act(sendable(burst));
    const object = this.#env.TALKER.getByName(`${this.#seed} ${at}`);
    const aborts = r.chance(4);
    const outcome = await attempt(() => (aborts ? object.abort(end) : object.act(sendable(burst))));
    if (aborts) this.#ends.log(end, `after the abort ${line(outcome)}`);
  }
}

export default {
  async fetch(request, env) {
    const [, seed, what, only] = new URL(request.url).pathname.split('/');
    if (what === 'hop') {
      const { at } = planOf(request.url).hops[0];
      return targetOf(env, seed, at).fetch(request);
    }
    return new Response(await new History(seed, env, what, only).run());
  },
};
