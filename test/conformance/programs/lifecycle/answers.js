// What an answer of an object holds, and what it waits for: code of the object that runs beside it, or later, and changes what was
// returned, writes, or ends the object.
import { DurableObject, RpcTarget } from 'cloudflare:workers';
import { answer, attempt } from '../probe.js';

/** How long after the answer the code beside it does its part, in turns of the microtask queue. */
const turns = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 40];

/** What it does. */
const deeds = ['nothing', 'abort', 'put', 'sql', 'violation', 'section', 'change'];

/** How it is called. */
const hows = ['rpc', 'fetch', 'target'];

/** How the object answers. */
const kinds = [
  'without a promise',
  'at once',
  'later',
  'after a read',
  'after a write',
  'an error without a promise',
  'an error',
  'an error later',
  'an error after a write',
];

const farewell = 'ended';

/** @param {any} stub @param {string} how @param {any} plan */
async function ask(stub, how, plan) {
  const { text } = await attempt(async () => {
    if (how === 'rpc') return stub.run(plan);
    if (how === 'target') return (await stub.target()).run(plan);
    const response = await stub.fetch('http://do/', { headers: { plan: JSON.stringify(plan) } });
    return [response.headers.get('x-list'), await response.text()];
  });
  return text.replaceAll(/\s+/g, ' ');
}

/** The ends, and for which numbers of turns each. */
function grouped(ends) {
  const groups = {};
  for (const [after, end] of Object.entries(ends)) (groups[end] ??= []).push(after);
  return Object.entries(groups).map(([end, afters]) => `${afters.join(' ')}: ${end}`);
}

async function matrix(target, how, who) {
  const shown = {};
  for (const kind of kinds)
    for (const deed of deeds) {
      // An error of a target that leaves in the very turn in which the object ends: one turn apart.
      if (how === 'target' && deed === 'abort' && kind.startsWith('an error')) continue;
      const found = {};
      for (const after of turns) {
        const name = `${who} ${how} ${kind} ${deed} ${after}`;
        found[after] = await target(name, how, { kind, deed, after });
      }
      shown[`${kind}, ${deed}`] = grouped(found);
    }
  return shown;
}

const fromWorker =
  ({ OBJECT }) =>
  (name, how, plan) =>
    ask(OBJECT.getByName(name), how, plan);
const fromObject =
  ({ CALLER }) =>
  (name, how, plan) =>
    CALLER.getByName('caller').ask(name, how, plan);

const probes = {};
for (const [who, from] of [
  ['worker', fromWorker],
  ['object', fromObject],
])
  for (const how of hows) probes[`${how}-${who}`] = (env) => matrix(from(env), how, who);

probes.dependent = async ({ OBJECT }) => {
  const found = {};
  for (const violates of [false, true]) {
    const other = OBJECT.getByName(`other ${violates}`);
    const given = OBJECT.getByName(`gives ${violates}`).give(`other ${violates}`, violates);
    found[violates] = [
      await attempt(() => given.add('called', false)),
      await other.add('end', false),
    ];
  }
  return found;
};

probes.shared = async ({ OBJECT }) => {
  const found = {};
  for (const kind of ['list', 'getter', 'response', 'error'])
    for (const writes of [false, true]) {
      const stub = OBJECT.getByName(`shared ${kind} ${writes}`);
      found[`${kind} ${writes}`] = await Promise.all(
        [1, 2, 3].map((n) =>
          attempt(async () => {
            if (kind === 'list') return stub.add(n, writes);
            if (kind === 'error') return stub.fail(n, writes);
            if (kind === 'getter') {
              await stub.add(n, writes);
              return stub.seen;
            }
            return (await stub.fetch(`http://do/${n}`, { headers: { writes } })).headers.get(
              'x-list',
            );
          }),
        ),
      );
    }
  return found;
};

class Target extends RpcTarget {
  #object;

  constructor(object) {
    super();
    this.#object = object;
  }

  run(plan) {
    return this.#object.run(plan);
  }
}

export class Answering extends DurableObject {
  list = [];
  response = new Response('shared');
  error = new Error('shared');

  get seen() {
    void this.ctx.storage.put('a', this.list.length);
    return this.list;
  }

  add(n, writes) {
    if (writes) void this.ctx.storage.put('a', n);
    this.list.push(n);
    return this.list;
  }

  fail(n, writes) {
    if (writes) void this.ctx.storage.put('a', n);
    this.error.message += ` ${n}`;
    throw this.error;
  }

  /** Another object, to whom who asks goes on. */
  give(name, violates) {
    if (violates) this.#violate();
    return this.env.OBJECT.getByName(name);
  }

  target() {
    return new Target(this);
  }

  run({ kind, deed, after }, value = this.list) {
    this.#beside(deed, after, value);
    return kind.endsWith('without a promise') ? this.#end(kind, value) : this.#answer(kind, value);
  }

  async #answer(kind, value) {
    if (kind.endsWith('later')) await null;
    if (kind === 'after a read') await this.ctx.storage.get('a');
    if (kind.endsWith('after a write')) await this.ctx.storage.put('b', 1);
    return this.#end(kind, value);
  }

  #end(kind, value) {
    if (kind.startsWith('an error'))
      throw Object.assign(new RangeError('thrown'), { list: this.list });
    return value;
  }

  /** The commit at the end of this turn will fail. */
  #violate() {
    const { sql } = this.ctx.storage;
    sql.exec(
      'CREATE TABLE parent (id INTEGER PRIMARY KEY); CREATE TABLE child (p REFERENCES parent(id))',
    );
    sql.exec('PRAGMA defer_foreign_keys = on');
    sql.exec('INSERT INTO child VALUES (1)');
  }

  #beside(deed, after, value) {
    const work = async () => {
      for (let i = 0; i < after; i += 1) await null;
      if (deed === 'abort') this.ctx.abort(farewell);
      if (deed === 'put') await this.ctx.storage.put('a', 1);
      if (deed === 'violation') this.#violate();
      if (deed === 'sql') this.ctx.storage.sql.exec('CREATE TABLE IF NOT EXISTS t (a)');
      if (deed === 'section')
        await this.ctx.blockConcurrencyWhile(async () => this.list.push('in the section'));
      if (deed === 'change') {
        this.list.push('changed');
        if (value instanceof Response) value.headers.set('x-list', 'changed');
      }
    };
    work().catch(() => {});
  }

  fetch(request) {
    const plan = request.headers.get('plan');
    if (plan === null) {
      if (request.headers.get('writes') === 'true') void this.ctx.storage.put('a', 1);
      this.response = new Response('shared');
      this.list.push(new URL(request.url).pathname);
      this.response.headers.set('x-list', this.list.join());
      return this.response;
    }
    return this.run(
      JSON.parse(plan),
      new Response('answer', { headers: { 'x-list': 'as it was' } }),
    );
  }
}

export class Caller extends DurableObject {
  ask(name, how, plan) {
    return ask(this.env.OBJECT.getByName(name), how, plan);
  }
}

export default {
  fetch: (request, env) => answer(probes, request, env),
};
