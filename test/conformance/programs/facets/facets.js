import { attempt, attemptSync, show } from '../probe.js';
import { parentOf, toParents } from '../facet-parent.js';

export * from '../facet-classes.js';

const tick = () => new Promise((resolve) => setTimeout(resolve, 1));
const kinds = (value) => `${typeof value} ${Object.prototype.toString.call(value)}`;

const probes = {
  async counts({ facet }) {
    const stub = facet('a');
    return [await stub.increment(), await stub.increment(), await stub.increment()];
  },
  async separate({ ctx, facet }) {
    await ctx.storage.put('value', 'of the parent');
    await facet('a').increment();
    await facet('b').put('value', 'of b');
    return [
      await ctx.storage.get('value'),
      await facet('a').get('value'),
      await facet('b').get('value'),
      await facet('c').get('value'),
    ];
  },
  async sql({ facet }) {
    return [await facet('a').sql(), await facet('b').sql(), await facet('a').sql()];
  },
  async 'stub-shape'({ facet }) {
    const stub = facet('a');
    return [
      kinds(stub),
      Object.keys(stub),
      typeof stub.id,
      typeof stub.name,
      'fetch' in stub,
      await attempt(() => stub.id),
      await attempt(() => stub.name),
      stub === facet('a'),
    ];
  },
  async 'facets-shape'({ ctx }) {
    return [
      kinds(ctx.facets),
      ctx.facets === ctx.facets,
      Object.getOwnPropertyNames(Object.getPrototypeOf(ctx.facets)).sort(),
      Object.keys(ctx.facets),
      ctx.facets.get.length,
    ];
  },
  async 'options-called'({ ctx, Counter }) {
    let calls = 0;
    const options = () => {
      calls += 1;
      return { class: Counter };
    };
    const seen = [];
    const first = ctx.facets.get('a', options);
    const second = ctx.facets.get('a', options);
    await tick();
    seen.push(calls);
    await first.increment();
    seen.push(calls);
    await second.increment();
    await ctx.facets.get('a', options).increment();
    seen.push(calls);
    ctx.facets.abort('a', new Error('again'));
    await ctx.facets.get('a', options).increment();
    seen.push(calls);
    return seen;
  },
  async 'options-async'({ ctx, Counter }) {
    const stub = ctx.facets.get('a', async () => {
      await tick();
      return { class: Counter };
    });
    return Promise.all([stub.increment(), stub.increment(), stub.increment()]);
  },
  async 'options-storage'({ ctx, Counter }) {
    await ctx.storage.put('id', 'from storage');
    const stub = ctx.facets.get('a', async () => ({
      class: Counter,
      id: await ctx.storage.get('id'),
    }));
    return stub.identity();
  },
  async 'options-throw'({ ctx, facet }) {
    const stub = ctx.facets.get('a', () => {
      throw new RangeError('no options');
    });
    const results = [
      await attempt(() => stub.increment()),
      await attempt(() => stub.increment()),
      await attempt(() => facet('a').increment()),
    ];
    ctx.facets.abort('a', new Error('start anew'));
    results.push(
      await attempt(() => stub.increment()),
      await attempt(() => facet('a').increment()),
    );
    return results;
  },
  async 'options-reject'({ ctx }) {
    const stub = ctx.facets.get('a', async () => {
      await tick();
      throw new TypeError('no options');
    });
    return [
      await attempt(() => stub.increment()),
      await attempt(() => stub.fetch('http://x/')),
      await attempt(() => stub.value),
    ];
  },
  async 'options-wrong'({ ctx, env, Counter }) {
    const results = [];
    let n = 0;
    for (const options of [
      5,
      {},
      { class: undefined },
      { class: null },
      { class: 5 },
      { class: class {} },
      { class: env.PARENT },
      { class: Counter, id: 5 },
      { class: Counter, id: null },
      { class: Counter, id: undefined },
      { class: Counter, id: {} },
      { class: Counter, id: '' },
    ]) {
      n += 1;
      const stub = ctx.facets.get(`wrong ${n}`, () => options);
      results.push(await attempt(async () => show(await stub.idKind())));
    }
    return results;
  },
  async 'options-missing'({ ctx }) {
    return [
      await attempt(() => ctx.facets.get('a', () => undefined).increment()),
      await attempt(() => ctx.facets.get('b', () => null).increment()),
    ];
  },
  async arguments({ ctx, Counter }) {
    const get = (...args) => attemptSync(() => kinds(ctx.facets.get(...args)));
    return [
      get(),
      get('a'),
      get('a', undefined),
      get('a', null),
      get('a', {}),
      get(undefined, () => ({ class: Counter })),
      get(5, () => ({ class: Counter })),
      get('', () => ({ class: Counter })),
      attemptSync(() => get(Symbol('x'), () => ({ class: Counter }))),
      attemptSync(() => ctx.facets.abort()),
      attemptSync(() => ctx.facets.abort('never')),
      attemptSync(() => ctx.facets.abort('never', 'a text')),
      attemptSync(() => ctx.facets.delete()),
      attemptSync(() => ctx.facets.delete('never')),
    ];
  },
  async 'name-number'({ ctx, Counter }) {
    await ctx.facets.get(5, () => ({ class: Counter })).increment();
    return ctx.facets.get('5', () => ({ class: Counter })).increment();
  },
  async 'name-length'({ ctx, Counter }) {
    const options = () => ({ class: Counter });
    const results = [];
    for (const name of [
      'x'.repeat(256),
      'x'.repeat(257),
      '\u00e9'.repeat(128),
      '\u00e9'.repeat(129),
    ]) {
      results.push(
        await attempt(() => ctx.facets.get(name, options).increment()),
        attemptSync(() => ctx.facets.abort(name, new Error('x'))),
        attemptSync(() => ctx.facets.delete(name)),
      );
    }
    return results;
  },
  async 'name-unicode'({ ctx, Counter }) {
    const options = () => ({ class: Counter });
    const results = [];
    for (const name of ['a/b', '../c', 'é', '漢', '\u{1F600}', 'a b', 'A', 'a']) {
      results.push(await ctx.facets.get(name, options).increment());
    }
    return results;
  },
  async depth({ facet }) {
    const stub = facet('a', 'Nested');
    return [
      await attempt(() => stub.down(1)),
      await attempt(() => stub.down(2)),
      await attempt(() => stub.down(3)),
    ];
  },
  async nested({ facet }) {
    const stub = facet('a', 'Nested');
    return [
      await stub.child('x', 'increment'),
      await stub.child('x', 'increment'),
      await stub.child('y', 'increment'),
      await facet('x').increment(),
      await facet('b', 'Nested').child('x', 'increment'),
    ];
  },
  async id({ ctx, env, facet, Counter }) {
    const own = await facet('a').identity();
    const text = await ctx.facets.get('b', () => ({ class: Counter, id: 'abc' })).identity();
    const another = env.PARENT.idFromName('another');
    const object = await ctx.facets.get('c', () => ({ class: Counter, id: another })).identity();
    return [
      own[0] === ctx.id.toString(),
      own.slice(1),
      text,
      object[0] === another.toString(),
      object.slice(1),
    ];
  },
  async props({ ctx }) {
    const { Counter, Parent } = ctx.exports;
    const get = (name, specifier) => ctx.facets.get(name, () => ({ class: specifier })).props();
    return [
      ctx.props,
      await get('a', Counter),
      await get('b', Counter({ props: { b: 1 } })),
      await get('c', Parent),
      await get('d', Parent({ props: { d: [1, 2] } })),
      await get('e', Counter({})),
    ];
  },
  async specifiers({ ctx }) {
    const { Counter, Parent } = ctx.exports;
    return [
      kinds(Counter),
      kinds(Parent),
      kinds(Counter({})),
      kinds(Parent({})),
      Object.keys(Parent),
      typeof Parent.idFromName,
      typeof Parent.getByName('x').fetch,
      typeof Parent.nothing,
      attemptSync(() => kinds(Parent())),
      attemptSync(() => kinds(Counter())),
      attemptSync(() => kinds(Parent({ props: 5 }))),
      attemptSync(() => new Parent()),
    ];
  },
  async serialize({ ctx, env, facet }) {
    const stub = facet('a');
    const other = env.PARENT.getByName('a receiver');
    return [
      await attempt(() => other.take(stub)),
      await attempt(() => other.take({ stub })),
      await attempt(() => facet('b').take(stub)),
      await attempt(() => ctx.storage.put('stub', stub)),
      attemptSync(() => structuredClone(stub)),
      await stub.increment(),
    ];
  },
  async 'serialize-class'({ ctx, env }) {
    const other = env.PARENT.getByName('a receiver');
    return [
      await attempt(() => ctx.storage.put('class', ctx.exports.Counter)),
      await attempt(() => other.take(ctx.exports.PlainNothing)),
    ];
  },
  async 'facet-calls-back'({ ctx, facet }) {
    // A function goes to the facet, and is called there.
    let called = 0;
    const result = await facet('a').callWith((value) => {
      called += 1;
      return ctx.storage.put('called', value).then(() => `got ${value}`);
    });
    return [result, called, await ctx.storage.get('called')];
  },
  async fetch({ facet }) {
    const stub = facet('a');
    const response = await stub.fetch('http://x/path?query', { method: 'POST', body: 'a body' });
    return [response.status, response.headers.get('x-method'), await response.text()];
  },
  async 'plain-class'({ facet }) {
    const stub = facet('a', 'Plain');
    const response = await stub.fetch('http://x/');
    return [await response.text(), await attempt(() => stub.method())];
  },
  async 'handler-throws'({ facet }) {
    const stub = facet('a');
    return [
      await attempt(() => stub.fail()),
      await attempt(() => stub.fetch('http://x/fail')),
      await attempt(() => stub.nothing()),
      await stub.increment(),
    ];
  },
  async gates({ ctx, facet }) {
    // The facet's critical section holds its own events, not the parent's.
    const order = [];
    const stub = facet('a');
    await Promise.all([
      stub.block(20).then(() => order.push('blocked')),
      stub.increment().then(() => order.push('held')),
      ctx.storage.get('x').then(() => order.push('parent')),
      facet('b')
        .increment()
        .then(() => order.push('another facet')),
    ]);
    return [
      order[0],
      order
        .slice(1)
        .filter((name) => name !== 'another facet')
        .sort(),
    ];
  },
  async 'in-critical-section'({ ctx, facet }) {
    return ctx.blockConcurrencyWhile(async () => [
      await facet('a').increment(),
      await facet('a').increment(),
    ]);
  },
  async 'in-transaction'({ ctx, facet }) {
    await attempt(() =>
      ctx.storage.transaction(async () => {
        await facet('a').increment();
        await ctx.storage.put('x', 1);
        throw new Error('rolled back');
      }),
    );
    return [await ctx.storage.get('x'), await facet('a').increment()];
  },
  async env({ facet, env }) {
    return facet('a').envKeys(Object.keys(env));
  },
  async 'facet-of-parent-class'({ ctx }) {
    const stub = ctx.facets.get('a', () => ({ class: ctx.exports.Parent }));
    const response = await stub.fetch('http://x/counts');
    return [response.status, await response.text()];
  },
  async 'wait-until'({ facet }) {
    await facet('a').later();
    await new Promise((resolve) => setTimeout(resolve, 30));
    return facet('a').get('later');
  },
};

export const Parent = parentOf(probes);

export default toParents;
