import { DurableObject } from 'cloudflare:workers';
import { answer, attempt } from '../probe.js';

class CustomError extends Error {
  constructor(message) {
    super(message);
    this.name = 'CustomError';
    this.code = 42;
  }
}

const throwables = {
  error: () => new Error('plain'),
  'type-error': () => new TypeError('typed'),
  'range-error': () => new RangeError('ranged', { cause: { why: 1 } }),
  custom: () => new CustomError('mine'),
  string: () => 'just text',
  null: () => null,
  object: () => ({ a: 1 }),
  dom: () => new DOMException('aborted', 'AbortError'),
  aggregate: () => new AggregateError([new Error('one'), new TypeError('two')], 'both'),
  retryable: () => Object.assign(new Error('try again'), { retryable: true }),
  overloaded: () => Object.assign(new Error('too much'), { overloaded: true }),
  'not-cloneable': () => Object.assign(new TypeError('with function'), { fn: () => {} }),
};

const kinds = Object.keys(throwables);

const probes = {
  async 'from-fetch'({ T }) {
    const out = [];
    for (const kind of kinds)
      out.push(await attempt(() => T.getByName('f').fetch(`http://do/${kind}`)));
    return out;
  },
  async 'from-rpc'({ T }) {
    const out = [];
    for (const kind of kinds) out.push(await attempt(() => T.getByName('r').fail(kind)));
    return out;
  },
  async 'object-id'({ T }) {
    const stub = T.getByName('id');
    const out = [];
    for (const kind of kinds) {
      const id = await stub.fail(kind).catch((error) => error.durableObjectId);
      out.push(`${kind}: ${id === undefined ? 'none' : id === stub.id.toString()}`);
    }
    return out;
  },
  async 'rpc-returned'({ T }) {
    const stub = T.getByName('v');
    return [await stub.give('custom'), await stub.give('range-error')];
  },
  async 'state-survives'({ T }) {
    const stub = T.getByName('survive');
    await stub.increment();
    const failed = await attempt(() => stub.fail('error'));
    return [failed, await stub.increment(), await T.getByName('survive').increment()];
  },
  async 'write-then-throw'({ T }) {
    const stub = T.getByName('write');
    return [await attempt(() => stub.writeThenFail()), await stub.read()];
  },
  async 'no-fetch'({ BARE }) {
    return [await attempt(() => BARE.getByName('n').fetch('http://do/'))];
  },
  async 'wrong-return'({ T }) {
    const stub = T.getByName('w');
    return [
      await attempt(() => stub.fetch('http://do/return-undefined')),
      await attempt(() => stub.fetch('http://do/return-text')),
      await attempt(() => stub.fetch('http://do/return-used')),
    ];
  },
  async constructor({ BROKEN }) {
    const stub = BROKEN.getByName('c');
    return [
      await attempt(() => stub.fetch('http://do/')),
      await attempt(() => stub.hello()),
      await attempt(() => BROKEN.getByName('c').hello()),
    ];
  },
  async 'constructor-once'({ FLAKY }) {
    const stub = FLAKY.getByName('flaky');
    return [
      await attempt(() => stub.hello()),
      await attempt(() => stub.hello()),
      await attempt(() => FLAKY.getByName('flaky').hello()),
    ];
  },
  async 'block-fails'({ T }) {
    const stub = T.getByName('block');
    await stub.increment();
    return [
      await attempt(() => stub.blockAndFail()),
      await attempt(() => stub.increment()),
      await attempt(() => T.getByName('block').increment()),
    ];
  },
  async abort({ T }) {
    const stub = T.getByName('abort');
    await stub.increment();
    return [
      await attempt(() => stub.stop('on purpose')),
      await attempt(() => stub.increment()),
      await attempt(() => T.getByName('abort').increment()),
      await attempt(() => T.getByName('abort').stop()),
    ];
  },
  async 'abort-discards'({ T }) {
    const stub = T.getByName('discard');
    await stub.writeThenReturn('kept');
    return [await attempt(() => stub.writeThenAbort('lost')), await T.getByName('discard').read()];
  },
  async 'abort-others'({ T }) {
    const waiting = attempt(() => T.getByName('others').waitForever());
    const stopped = await attempt(() => T.getByName('others').stop('everyone out'));
    return [stopped, await waiting];
  },
  async 'foreign-key-at-commit'({ T }) {
    const stub = T.getByName('fk');
    return [
      await attempt(() => stub.deferAndViolate()),
      await attempt(() => stub.increment()),
      await attempt(() => T.getByName('fk').increment()),
    ];
  },
};

export class Thrower extends DurableObject {
  #count = 0;

  async fetch(request) {
    const kind = new URL(request.url).pathname.slice(1);
    if (kind === 'return-undefined') return undefined;
    if (kind === 'return-text') return 'text';
    if (kind === 'return-used') {
      const response = new Response('body');
      await response.text();
      return response;
    }
    throw throwables[kind]();
  }

  fail(kind) {
    throw throwables[kind]();
  }

  give(kind) {
    return throwables[kind]();
  }

  increment() {
    return ++this.#count;
  }

  async writeThenReturn(value) {
    await this.ctx.storage.put('k', value);
  }

  async writeThenFail() {
    await this.ctx.storage.put('k', 'written');
    throw new Error('after the write');
  }

  async writeThenAbort(value) {
    await this.ctx.storage.put('k', value);
    this.ctx.abort('after the write');
  }

  read() {
    return this.ctx.storage.get('k');
  }

  async blockAndFail() {
    await this.ctx.blockConcurrencyWhile(async () => {
      throw new RangeError('in the critical section');
    });
    return 'never';
  }

  stop(reason) {
    this.ctx.abort(reason);
  }

  async waitForever() {
    await scheduler.wait(60_000);
  }

  deferAndViolate() {
    const { sql } = this.ctx.storage;
    sql.exec(
      'CREATE TABLE parent (id INTEGER PRIMARY KEY); CREATE TABLE child (p REFERENCES parent(id))',
    );
    sql.exec('PRAGMA defer_foreign_keys = on');
    sql.exec('INSERT INTO child VALUES (1)');
    return 'inserted';
  }
}

export class Bare extends DurableObject {}

export class Broken extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    throw new RangeError('cannot be built');
  }

  hello() {
    return 'hello';
  }
}

let builds = 0;

/** Fails to be built the first time. */
export class Flaky extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    if (++builds === 1) throw new Error('first build fails');
  }

  hello() {
    return `hello from build ${builds}`;
  }
}

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname === '/uncaught') throw new Error('nobody catches this');
    if (pathname === '/uncaught-stub') return env.T.getByName('u').fetch('http://do/error');
    if (pathname === '/uncaught-overloaded')
      return env.T.getByName('u').fetch('http://do/overloaded');
    if (pathname === '/not-a-response') return 'text';
    return answer(probes, request, env);
  },
};
