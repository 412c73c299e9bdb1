import { DurableObject } from 'cloudflare:workers';
import { answer, attempt } from '../probe.js';

const probes = {
  async 'constructor-sections'({ BUILT }) {
    const stub = BUILT.getByName('sections');
    return (await Promise.all([stub.read(), stub.read()]))[1];
  },
  async 'constructor-io'({ BUILT }) {
    return BUILT.getByName('io').read();
  },
  async 'constructor-nested'({ BUILT }) {
    return BUILT.getByName('nested').read();
  },
  async 'constructor-timer'({ BUILT }) {
    return BUILT.getByName('timer').read();
  },
  async 'constructor-fails-fetch'({ BUILT }) {
    const stub = BUILT.getByName('fails');
    const other = BUILT.getByName('fails');
    return Promise.all([
      attempt(() => stub.fetch('http://do/')),
      attempt(() => stub.fetch('http://do/')),
      attempt(() => other.fetch('http://do/')),
      attempt(() => other.read()),
    ]);
  },
  async 'constructor-fails'({ BUILT }) {
    const stub = BUILT.getByName('fails');
    return [
      ...(await Promise.all([attempt(() => stub.read()), attempt(() => stub.fetch('http://do/'))])),
      await attempt(() => BUILT.getByName('fails').read()),
    ];
  },

  async throws({ THROWS }) {
    const kinds = ['error', 'typed', 'string', 'null', 'undefined', 'properties', 'dom', 'flags'];
    const out = [];
    for (const kind of kinds) {
      out.push([
        kind,
        await attempt(() => THROWS.getByName(kind).hello()),
        await attempt(() => THROWS.getByName(kind).fetch('http://do/')),
      ]);
    }
    return out;
  },
  async 'throws-plain-object'({ THROWS }) {
    return attempt(() => THROWS.getByName('object').hello());
  },
  async 'throws-once-for-all'({ COUNTED }) {
    const stub = COUNTED.getByName('for-all');
    const results = await Promise.all([1, 2, 3].map(() => attempt(() => stub.hello())));
    return [results, constructions];
  },
  async 'writes-in-constructor'({ WRITES }) {
    const first = await WRITES.getByName('w').read();
    await attempt(() => WRITES.getByName('w').stop());
    return [first, await WRITES.getByName('w').read()];
  },
  async 'writes-then-throws'({ WRITES }) {
    const failed = await attempt(() => WRITES.getByName('throws').read());
    return [failed, await WRITES.getByName('throws').read()];
  },
  async 'abort-in-constructor'({ WRITES }) {
    const failed = await attempt(() => WRITES.getByName('aborts').read());
    return [failed, await WRITES.getByName('aborts').read()];
  },
  async 'returns-object'({ RETURNS }) {
    return [await attempt(() => RETURNS.getByName('r').hello())];
  },
  async 'arguments-of-constructor'({ ARGUMENTS }) {
    return ARGUMENTS.getByName('a').seen();
  },
  async 'overwrites-ctx'({ ARGUMENTS }) {
    return ARGUMENTS.getByName('o').overwrite();
  },
  async 'wrapped-ctx'({ ARGUMENTS }) {
    return ARGUMENTS.getByName('w').wrapped();
  },
  async 'module-state'({ COUNTED }) {
    const before = constructions;
    await attempt(() => COUNTED.getByName('one').hello());
    await attempt(() => COUNTED.getByName('two').hello());
    return constructions - before;
  },
  async 'calls-in-constructor'({ CALLS }) {
    return CALLS.getByName('c').seen();
  },
};

export class Built extends DurableObject {
  #log = [];

  constructor(ctx, env) {
    super(ctx, env);
    const note = (text) => this.#log.push(text);
    const plans = {
      sections: () => {
        ctx.blockConcurrencyWhile(async () => {
          await scheduler.wait(10);
          note('one');
        });
        ctx.blockConcurrencyWhile(async () => note('two'));
        note('constructor ends');
      },
      io: () => {
        ctx.blockConcurrencyWhile(async () => {
          note(await env.PEER.getByName('peer').hello());
          note(await (await env.PEER.getByName('peer').fetch('http://do/')).text());
          await ctx.storage.put('k', 'stored');
          note(await ctx.storage.get('k'));
        });
      },
      nested: () => {
        ctx.blockConcurrencyWhile(async () => {
          note('outer');
          await ctx.blockConcurrencyWhile(async () => {
            await scheduler.wait(5);
            note('inner');
          });
          note('outer ends');
        });
      },
      timer: () => {
        setTimeout(() => note('timer'), 1);
        ctx.blockConcurrencyWhile(async () => {
          await scheduler.wait(40);
          note('section ends');
        });
      },
      fails: () => {
        ctx.blockConcurrencyWhile(async () => {
          await scheduler.wait(5);
          throw new RangeError('cannot begin');
        });
        ctx.blockConcurrencyWhile(async () => {
          note('second');
        });
      },
    };
    plans[ctx.id.name]();
  }

  read() {
    this.#log.push('read');
    return this.#log;
  }

  fetch() {
    return new Response('never');
  }
}

let constructions = 0;

const thrown = {
  error: () => new Error('plain'),
  typed: () => new TypeError('typed'),
  string: () => 'text',
  null: () => null,
  undefined: () => undefined,
  object: () => ({ a: 1 }),
  properties: () => Object.assign(new Error('with properties'), { code: 7 }),
  dom: () => new DOMException('a dom exception', 'DataError'),
  flags: () => Object.assign(new Error('flags'), { retryable: true, overloaded: true }),
};

export class Throws extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    throw thrown[ctx.id.name]();
  }

  hello() {}
}

export class Counted extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    constructions += 1;
    if (ctx.id.name === 'for-all') throw new Error(`construction ${constructions}`);
  }

  hello() {
    return 'hello';
  }
}

const failed = new Set();

export class Writes extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    const { storage } = ctx;
    const count = (storage.kv.get('count') ?? 0) + 1;
    storage.kv.put('count', count);
    if (ctx.id.name === 'w' || failed.has(ctx.id.name)) return;
    failed.add(ctx.id.name);
    if (ctx.id.name === 'throws') throw new Error('after the write');
    ctx.abort('aborted in the constructor');
  }

  read() {
    return this.ctx.storage.kv.get('count');
  }

  async stop() {
    await this.ctx.storage.sync();
    this.ctx.abort('stop');
  }
}

export class Returns extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    return { hello: () => 'hello of another object' };
  }

  hello() {
    return 'hello';
  }
}

export class Arguments extends DurableObject {
  #seen;

  constructor(...args) {
    super(...args);
    this.#seen = [args.length, args[0] === this.ctx, args[1] === this.env];
  }

  seen() {
    return [this.#seen, Object.keys(this.env).sort(), new.target === undefined];
  }

  wrapped() {
    const { ctx } = this;
    const results = [];
    for (const wrap of [
      () => new Proxy(ctx, {}),
      () =>
        new Proxy(ctx, { get: (target, name, receiver) => Reflect.get(target, name, receiver) }),
      () => Object.create(ctx),
    ]) {
      const outer = wrap();
      const members = ['id', 'storage', 'props', 'facets'];
      results.push(members.map((name) => [outer[name] === outer[name], outer[name] === ctx[name]]));
      results.push(String(outer.id) === String(ctx.id));
    }
    return results;
  }

  overwrite() {
    this.ctx.storage = 'mine';
    this.ctx.extra = 'more';
    this.ctx.props = 1;
    return [this.ctx.storage, this.ctx.extra, this.ctx.props];
  }
}

export class Calls extends DurableObject {
  #seen = [];

  constructor(ctx, env) {
    super(ctx, env);
    env.PEER.getByName('peer')
      .hello()
      .then((value) => this.#seen.push(value));
    ctx.waitUntil(scheduler.wait(5).then(() => this.#seen.push('waited')));
    ctx.storage.put('k', 1);
    this.#seen.push(ctx.getWebSockets().length);
  }

  async seen() {
    await scheduler.wait(60);
    return this.#seen;
  }
}

export class Peer extends DurableObject {
  hello() {
    return 'hello';
  }

  fetch() {
    return new Response('fetched');
  }
}

export default {
  fetch: (request, env) => answer(probes, request, env),
};
