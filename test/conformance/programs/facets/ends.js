import { attempt } from '../probe.js';
import { parentOf, toParents } from '../facet-parent.js';

export * from '../facet-classes.js';

const tick = () => new Promise((resolve) => setTimeout(resolve, 1));

const probes = {
  async 'abort-stub'({ ctx, facet }) {
    const stub = facet('a');
    const results = [await stub.increment(), await stub.memory()];
    ctx.facets.abort('a', new Error('the reason'));
    results.push(
      await attempt(() => stub.increment()),
      await attempt(() => stub.fetch('http://x/')),
      await facet('a').memory(),
      await facet('a').increment(),
      await attempt(() => stub.increment()),
    );
    return results;
  },
  async 'abort-running'({ ctx, facet }) {
    const stub = facet('a');
    await stub.increment();
    const call = attempt(() => stub.slow());
    const fetched = attempt(() => stub.fetch('http://x/slow'));
    await tick();
    ctx.facets.abort('a', new RangeError('in the middle'));
    return [await call, await fetched, await facet('a').increment()];
  },
  async 'abort-reasons'({ ctx, facet }) {
    const results = [];
    const coded = Object.assign(new Error('with a code'), { code: 7, retryable: true });
    for (const reason of ['a text', undefined, null, 5, { a: 1 }, new TypeError('typed'), coded]) {
      const stub = facet('a');
      await stub.increment();
      ctx.facets.abort('a', reason);
      results.push(await attempt(() => stub.increment()));
    }
    return results;
  },
  async 'abort-before-use'({ ctx, facet }) {
    const stub = facet('a');
    ctx.facets.abort('a', new Error('too early'));
    return attempt(() => stub.increment());
  },
  async 'abort-starting'({ ctx, Counter }) {
    const stub = ctx.facets.get('a', async () => {
      await tick();
      return { class: Counter };
    });
    const call = attempt(() => stub.increment());
    ctx.facets.abort('a', new Error('while it starts'));
    return [
      await call,
      await attempt(() => ctx.facets.get('a', () => ({ class: Counter })).increment()),
    ];
  },
  async 'abort-nested'({ ctx, facet }) {
    const stub = facet('a', 'Nested');
    await stub.child('x', 'increment');
    const call = attempt(() => stub.child('x', 'slow'));
    await tick();
    ctx.facets.abort('a', new Error('with its children'));
    return [await call, await facet('a', 'Nested').child('x', 'increment')];
  },
  async delete({ ctx, facet }) {
    const stub = facet('a');
    const results = [await stub.increment(), await stub.increment()];
    results.push(ctx.facets.delete('a'));
    results.push(
      await attempt(() => stub.increment()),
      await facet('a').increment(),
      await facet('a').increment(),
    );
    return results;
  },
  async 'delete-nested'({ ctx, facet }) {
    const nested = () => facet('a', 'Nested');
    await nested().child('x', 'increment');
    await nested().child('y', 'increment');
    await nested().put('own', 1);
    await facet('b', 'Nested').child('x', 'increment');
    ctx.facets.delete('a');
    return [
      await nested().get('own'),
      await nested().child('x', 'increment'),
      await nested().child('y', 'increment'),
      await facet('b', 'Nested').child('x', 'increment'),
    ];
  },
  async 'delete-child'({ facet }) {
    const nested = facet('a', 'Nested');
    await nested.child('x', 'increment');
    await nested.child('y', 'increment');
    await nested.deleteChild('x');
    return [await nested.child('x', 'increment'), await nested.child('y', 'increment')];
  },
  async 'delete-then-class'({ ctx, facet }) {
    await facet('a').put('value', 'of the counter');
    ctx.facets.abort('a', new Error('another class'));
    const kept = await facet('a', 'Nested').get('value');
    ctx.facets.delete('a');
    return [kept, await facet('a', 'Nested').get('value')];
  },
  async 'delete-unused'({ ctx, facet }) {
    await facet('other').increment();
    ctx.facets.delete('never');
    return [await facet('other').increment(), await facet('never').increment()];
  },
  async clone({ ctx, facet }) {
    await facet('a').increment();
    await facet('a').sql();
    await facet('a').put('key', { of: 'a' });
    await facet('b').put('gone', 1);
    const stub = facet('b');
    await stub.increment();
    const results = [ctx.facets.clone('a', 'b'), await attempt(() => stub.increment())];
    results.push(
      await facet('b').get('gone'),
      await facet('b').get('key'),
      await facet('b').increment(),
      await facet('b').sql(),
    );
    // The two go on apart, and the first one ran all the while.
    results.push(
      await facet('a').increment(),
      await facet('a').memory(),
      await facet('b').get('count'),
    );
    return results;
  },
  async 'clone-new'({ ctx, facet }) {
    await facet('a').increment();
    ctx.facets.clone('a', 'never started');
    ctx.facets.clone('never started', 'nor this');
    return [await facet('nor this').increment(), await facet('never started').increment()];
  },
  async 'clone-nested'({ ctx, facet }) {
    const nested = (name) => facet(name, 'Nested');
    await nested('a').put('own', 1);
    await nested('a').child('x', 'increment');
    await nested('a').child('y', 'increment');
    await nested('b').child('z', 'increment');
    await nested('b').child('x', 'put', 'key', 'of b');
    ctx.facets.clone('a', 'b');
    return [
      await nested('b').get('own'),
      await nested('b').child('x', 'increment'),
      await nested('b').child('x', 'get', 'key'),
      await nested('b').child('y', 'increment'),
      await nested('b').child('z', 'increment'),
      await nested('a').child('x', 'increment'),
      await nested('a').child('z', 'increment'),
    ];
  },
  async 'clone-nothing'({ ctx, facet }) {
    await facet('b').increment();
    ctx.facets.clone('never', 'b');
    return [await facet('b').increment(), await facet('never').increment()];
  },
  async 'clone-itself'({ ctx, facet }) {
    const stub = facet('a');
    await stub.increment();
    ctx.facets.clone('a', 'a');
    return [
      await attempt(() => stub.increment()),
      await facet('a').memory(),
      await facet('a').increment(),
    ];
  },
  async 'clone-arguments'({ ctx }) {
    const { facets } = ctx;
    return [
      await attempt(() => facets.clone()),
      await attempt(() => facets.clone('a')),
      await attempt(() => facets.clone('x'.repeat(257), 'b')),
      await attempt(() => facets.clone('a', 'x'.repeat(257))),
      await attempt(() => facets.clone(1, null)),
      facets.clone.length,
    ];
  },
  async alarms({ facet }) {
    const results = [];
    for (const [name, method] of [
      ['a', 'getAlarm'],
      ['b', 'setAlarm'],
      ['c', 'setAlarmCaught'],
      ['d', 'deleteAlarm'],
      ['e', 'setAlarmLater'],
    ]) {
      results.push(
        await attempt(() => facet(name, 'Alarmed')[method]()),
        await attempt(() => facet(name, 'Alarmed').increment()),
      );
    }
    results.push(await attempt(() => facet('f').setAlarm()));
    return results;
  },
  async 'alarm-old-stub'({ facet }) {
    const stub = facet('a', 'Alarmed');
    return [
      await stub.increment(),
      await attempt(() => stub.setAlarm()),
      await attempt(() => stub.increment()),
    ];
  },
  async 'constructor-throws'({ facet }) {
    const stub = facet('a', 'Broken');
    return [
      await attempt(() => stub.method()),
      await attempt(() => stub.method()),
      await attempt(() => facet('a').increment()),
    ];
  },
  async 'own-abort'({ facet, ctx }) {
    ctx.storage.kv.put('parent', 'is here');
    const stub = facet('a');
    await stub.increment();
    return [
      await attempt(() => stub.abortMe()),
      await attempt(() => stub.increment()),
      await attempt(() => facet('a').increment()),
      ctx.storage.kv.get('parent'),
    ];
  },
  async 'delete-all'({ ctx, facet }) {
    await ctx.storage.put('parent', 1);
    await facet('a').increment();
    await facet('b', 'Nested').child('x', 'increment');
    ctx.facets.abort('a', new Error('stopped'));
    ctx.facets.abort('b', new Error('stopped'));
    await ctx.storage.deleteAll();
    return [
      await ctx.storage.get('parent'),
      await facet('a').increment(),
      await facet('b', 'Nested').child('x', 'increment'),
    ];
  },
  async 'delete-all-facet'({ ctx, facet }) {
    await ctx.storage.put('parent', 1);
    const nested = facet('a', 'Nested');
    await nested.put('own', 1);
    await nested.child('x', 'increment');
    await nested.abortChild('x');
    await facet('b').increment();
    await nested.deleteAll();
    return [
      await ctx.storage.get('parent'),
      await nested.get('own'),
      await nested.child('x', 'increment'),
      await facet('b').increment(),
    ];
  },
  async 'delete-all-called'({ facet }) {
    const nested = facet('a', 'Nested');
    await nested.child('x', 'increment');
    const call = attempt(() => nested.child('x', 'increment'));
    await nested.deleteAll();
    return [await call, await nested.child('x', 'increment')];
  },
};

export const Parent = parentOf(probes);

export default toParents;
