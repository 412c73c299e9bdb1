// timer-probes.js: in which order timers fire, what they are, what they are given.
import { attempt, attemptSync, show } from './probe.js';

const ticks = () => new Promise((resolve) => setTimeout(resolve, 40));

/** Runs `start(say)` and shows what was said by the end. */
async function said(start) {
  const out = [];
  await start((what) => out.push(what));
  await ticks();
  return out;
}

const orders = {
  'one then zero': [1, 0],
  'zero then one': [0, 1],
  zeros: [0, 0, 0],
  negative: [0, -5, -1, 0],
  'no number': [1, undefined, 1, NaN, 'x', 1],
  fractions: [1, 0.9, 0.1, 0, 1.9, 1],
  texts: [2, '1', '0', 1],
  several: [5, 3, 4, 1, 2, 0],
  infinity: [3, 0],
  objects: [2, { valueOf: () => 1 }, 0],
  booleans: [2, true, false],
};

export const timerProbes = {
  ...Object.fromEntries(
    Object.entries(orders).map(([name, delays]) => [
      name.replaceAll(' ', '-'),
      () =>
        said((say) => {
          delays.forEach((ms, i) => setTimeout(() => say(`${i}: ${typeof ms} ${String(ms)}`), ms));
        }),
    ]),
  ),
  'large-delays': () =>
    Promise.all(
      [2 ** 31 - 1, 2 ** 31, 2 ** 32 + 1, 2 ** 53, 1e300, Infinity, -Infinity].map((ms) =>
        said((say) => {
          const id = setTimeout(() => say('fired'), ms);
          setTimeout(() => clearTimeout(id), 20);
        }),
      ),
    ),
  nested: () =>
    said((say) => {
      setTimeout(() => {
        say('a');
        setTimeout(() => say('a0'), 0);
        Promise.resolve().then(() => say('a microtask'));
      }, 0);
      setTimeout(() => say('b'), 0);
      setTimeout(() => say('c'), 1);
    }),
  'microtasks-between': () =>
    said((say) => {
      for (const name of ['a', 'b', 'c'])
        setTimeout(() => {
          say(name);
          Promise.resolve()
            .then(() => say(`${name} 1`))
            .then(() => say(`${name} 2`));
          queueMicrotask(() => say(`${name} queued`));
        }, 0);
    }),
  'interval-and-timeout': () =>
    said((say) => {
      let n = 0;
      const id = setInterval(() => {
        say(`interval ${n}`);
        if (++n === 3) clearInterval(id);
      }, 0);
      setTimeout(() => say('timeout 0'), 0);
    }),
  'wait-and-timeout': () =>
    said(async (say) => {
      setTimeout(() => say('timeout 0'), 0);
      scheduler.wait(0).then(() => say('wait 0'));
      setTimeout(() => say('timeout 0 again'), 0);
      await scheduler.wait(0);
      say('waited');
    }),
  'clear-in-callback': () =>
    said((say) => {
      const ids = [];
      for (let i = 0; i < 4; i++)
        ids.push(
          setTimeout(() => {
            say(`fired ${i}`);
            clearTimeout(ids[i + 1]);
            clearTimeout(ids[i]);
          }, 0),
        );
    }),
  'throwing-callback': () =>
    said((say) => {
      setTimeout(() => {
        say('throws');
        throw new Error('thrown in a timer');
      }, 0);
      setTimeout(() => say('next'), 0);
    }),
  arguments: () =>
    said((say) => {
      setTimeout((...args) => say(show(args)), 0, 1, 'two', { three: 3 });
      setTimeout(function () {
        say(this === globalThis || this === undefined ? 'this is global' : typeof this);
      }, 0);
      setTimeout(() => say('no delay'));
    }),
  'clear-anything': () =>
    [undefined, null, 0, -1, 1e9, 'x', '7', {}, NaN].map((id) => [
      attemptSync(() => clearTimeout(id)),
      attemptSync(() => clearInterval(id)),
    ]),
  'clear-across': () =>
    said((say) => {
      clearInterval(setTimeout(() => say('timeout'), 0));
      clearTimeout(setInterval(() => say('interval'), 0));
    }),
  'clear-by-number-text': () =>
    said((say) => {
      const id = setTimeout(() => say('timeout'), 0);
      clearTimeout(String(Number(id)));
      say(attemptSync(() => typeof Number(id)));
    }),
  'is-a': () => {
    const id = setTimeout(() => {}, 0);
    const other = setInterval(() => {}, 1000);
    clearInterval(other);
    return [typeof id, typeof other, Object.prototype.toString.call(id)];
  },
  'json-of-it': () =>
    attemptSync(() => typeof JSON.parse(JSON.stringify({ id: setTimeout(() => {}, 0) })).id),
  'structured-clone-of-it': () =>
    attemptSync(() => typeof structuredClone(setTimeout(() => {}, 0))),
  'store-it': (self) =>
    attempt(async () => {
      await self.ctx.storage.put(
        'id',
        setTimeout(() => {}, 0),
      );
      return typeof (await self.ctx.storage.get('id'));
    }),
  'wrong-callbacks': () =>
    [undefined, null, 'say(1)', 7, {}].flatMap((callback) =>
      [setTimeout, setInterval, setImmediate].map((start) => {
        try {
          return typeof start(callback, 0);
        } catch (error) {
          return `${error.constructor.name}: ${error.message} ${error.code}`;
        }
      }),
    ),
  surface: () => [
    typeof setImmediate,
    typeof clearImmediate,
    setTimeout.name,
    clearInterval.name,
    typeof setTimeout.__promisify__,
    Object.getOwnPropertySymbols(setTimeout).length,
  ],
  'date-is-still': () => {
    const before = Date.now();
    return said((say) => {
      setTimeout(() => say(Date.now() - before >= 3), 3);
      setTimeout(() => say(Date.now() - before >= 0), 0);
    });
  },
  immediates: () =>
    said((say) => {
      setTimeout(() => say('timeout 0'), 0);
      setImmediate((...args) => say(`immediate ${show(args)}`), 1, 'two');
      setTimeout(() => say('timeout 0 again'), 0);
      setTimeout(() => say('timeout 1'), 1);
      clearImmediate(setImmediate(() => say('cleared')));
      const kept = setImmediate(() => say('not cleared by clearTimeout of its number as text'));
      clearTimeout(`x${Number(kept)}`);
    }),
  'immediate-is-a': () => {
    const immediate = setImmediate(() => {});
    return [
      typeof immediate,
      immediate.constructor.name,
      Object.keys(immediate),
      typeof Number(immediate),
      attemptSync(() => JSON.stringify(immediate)),
      ...[1, 'x', {}, setTimeout(() => {}, 0)].map((one) => attemptSync(() => clearImmediate(one))),
      ...[undefined, null, immediate].map((one) => attemptSync(() => clearImmediate(one))),
    ];
  },
  'handle-methods': () =>
    said(async (say) => {
      const timeout = setTimeout(() => say('fired'), 30);
      if (typeof timeout !== 'object') return say(typeof timeout.unref);
      say(Object.getOwnPropertyNames(Object.getPrototypeOf(timeout)).includes('refresh'));
      say(timeout.unref() === timeout && !timeout.hasRef());
      say(timeout.ref() === timeout && timeout.hasRef());
      say(timeout.refresh() === timeout);
      say(timeout.close() === timeout);
      setTimeout(() => say('disposed'), 1)[Symbol.dispose]();
      setTimeout(() => say('unreferenced'), 1).unref();
      const interval = setInterval(() => say('disposed interval'), 1);
      interval[Symbol.dispose]();
    }),
  'delays-that-are-none': () =>
    [1n, Symbol('x'), {}, [], 'x'].map((ms) =>
      attemptSync(() => {
        clearTimeout(setTimeout(() => {}, ms));
        return 'taken';
      }),
    ),
  'many-in-turn': async () => {
    let [waits, isOver] = [0, false];
    setTimeout(() => (isOver = true), 100);
    while (!isOver) {
      await scheduler.wait(0);
      await new Promise((resolve) => setTimeout(resolve, 0));
      waits += 2;
    }
    return waits > 150 ? 'they take no time' : 'a millisecond each';
  },
  'cleared-while-due': () =>
    said((say) => {
      const later = [];
      setTimeout(() => {
        say('first');
        for (const one of later) clearTimeout(one);
      }, 0);
      for (let i = 0; i < 5; i++) later.push(setTimeout(() => say(`later ${i}`), i));
      setTimeout(() => say('last'), 3);
    }),
};
