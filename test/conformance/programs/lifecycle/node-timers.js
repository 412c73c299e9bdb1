// Timers of `node:timers` and `node:timers/promises` are those of the object that starts them.
import { DurableObject } from 'cloudflare:workers';
import nodeTimers, {
  clearTimeout as clear,
  setImmediate as soon,
  setInterval as every,
  setTimeout as start,
} from 'node:timers';
import promises, {
  scheduler as waits,
  setImmediate as turn,
  setInterval as ticks,
  setTimeout as delay,
} from 'node:timers/promises';
import { answer } from '../probe.js';

/** What became of it, without what the two say of an aborted signal by itself. */
async function outcome(action) {
  try {
    return { gave: await action() };
  } catch (error) {
    return [error.name, error.code, error.message, error.cause?.message === 'why'];
  }
}

const abortedNow = () => AbortSignal.abort();
function abortedSoon() {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error('why')), 1);
  return controller.signal;
}

const probes = {
  surface: () => [
    ['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'promises'].map(
      (name) => typeof nodeTimers[name],
    ),
    Object.keys(promises).sort(),
    start === setTimeout,
    every === setInterval,
    Object.getOwnPropertyNames(Object.getPrototypeOf(waits)).sort(),
  ],
  values: async () => [
    await delay(1, 'value'),
    await delay(),
    await delay(1, 'unreferenced', { ref: false }),
    await turn('value'),
    await waits.wait(1),
    await waits.yield(),
  ],
  wrong: async () => [
    await outcome(() => delay(1, 2, 3)),
    await outcome(() => delay('x', 2)),
    await outcome(() => delay(1, 2, null)),
    await outcome(() => delay(1, 1, { signal: 'x' })),
    await outcome(() => delay(1, 1, { ref: 'x' })),
    await outcome(() => turn(1, 'x')),
    await outcome(() => ticks('x').next()),
  ],
  aborted: async () => [
    await outcome(() => delay(1_000, 1, { signal: abortedNow() })),
    await outcome(() => delay(1_000, 1, { signal: abortedSoon() })),
    await outcome(() => turn(1, { signal: abortedNow() })),
    await outcome(() => ticks(1_000, 1, { signal: abortedSoon() }).next()),
    await outcome(() => ticks(1_000, 1, { signal: abortedNow() }).next()),
  ],
  interval: async () => {
    const seen = [];
    for await (const value of ticks(1, 'tick')) if (seen.push(value) === 3) break;
    const controller = new AbortController();
    const rest = await outcome(async () => {
      for await (const value of ticks(1, 'tock', { signal: controller.signal }))
        if (seen.push(value) === 5) controller.abort();
    });
    return [seen, rest];
  },
  throwing: async () => {
    start(() => {
      throw new Error('in a timer');
    }, 0);
    soon(() => {
      throw new Error('in an immediate');
    });
    await delay(5);
    return 'goes on';
  },
  cleared: async () => {
    const fired = [];
    clear(start(() => fired.push('timeout'), 1));
    clearTimeout(start(() => fired.push('timeout, by the global'), 1));
    clear(setTimeout(() => fired.push('global timeout'), 1));
    await delay(5);
    return fired;
  },
  held: async ({ ctx }) => {
    const out = [];
    const outside = delay(2).then(() => out.push('promise of outside'));
    start(() => out.push('timer of outside'), 2);
    soon(() => out.push('immediate of outside'));
    await ctx.blockConcurrencyWhile(async () => {
      await delay(10);
      start(() => out.push('timer of inside'), 0);
      await turn();
      await delay(5);
      out.push('end of inside');
    });
    await outside;
    await delay(5);
    return out;
  },
};

export class Probe extends DurableObject {
  fetch(request) {
    return answer(probes, request, this);
  }
}

export default {
  fetch: (request, env) => env.PROBE.getByName('one').fetch(request),
};
