import { DurableObject } from 'cloudflare:workers';
import { answer, attempt } from '../probe.js';

const later = () => Date.now() + 10_000_000;

const probes = {
  async 'get-missing'({ storage }) {
    return [await storage.get('none'), await storage.get(['none', 'nor this'])];
  },
  async 'put-get'({ storage }) {
    return [await storage.put('k', { a: [1, 2] }), await storage.get('k')];
  },
  async 'get-many'({ storage }) {
    await storage.put({ b: 2, a: 1, c: 3, é: 4, z: 5 });
    return [
      await storage.get(['z', 'b', 'missing', 'é', 'a', 'b']),
      await storage.get([]),
      [...(await storage.get(['c'])).keys()],
    ];
  },
  async 'get-is-copy'({ storage }) {
    const value = { list: [1] };
    await storage.put('k', value);
    value.list.push(2);
    const first = await storage.get('k');
    first.list.push(3);
    return [first, await storage.get('k'), first === (await storage.get('k'))];
  },
  async 'put-snapshot'({ storage }) {
    const value = { n: 1 };
    const done = storage.put('k', value);
    value.n = 2;
    await done;
    return storage.get('k');
  },
  async 'put-undefined'({ storage }) {
    return [
      await attempt(() => storage.put('k')),
      await attempt(() => storage.put('k', undefined)),
      await attempt(() => storage.put('k', null)),
      await storage.get('k'),
      await attempt(() => storage.put()),
    ];
  },
  async 'put-object'({ storage }) {
    await storage.put('keep', 1);
    return [
      await attempt(() => storage.put({ a: 1, skip: undefined, keep: undefined, b: null })),
      await attempt(() => storage.put({})),
      await attempt(() => storage.put(new Map([['m', 1]]))),
      await storage.list(),
    ];
  },
  async 'put-object-misuse'({ storage }) {
    return [
      await attempt(() => storage.put({ a: 1 }, 'value')),
      await attempt(() => storage.put({ a: 1 }, 5)),
      await attempt(() => storage.put({ a: 1 }, { allowUnconfirmed: true })),
      await storage.list(),
    ];
  },
  async 'put-object-atomic'({ storage }) {
    return [await attempt(() => storage.put({ a: 1, b: () => {} })), await storage.list()];
  },
  async 'keys-coerced'({ storage }) {
    await storage.put(1, 'one');
    await storage.put('', 'empty');
    await storage.put('nul\u0000', 'nul');
    await storage.put('_cf_x', 'reserved looking');
    return [
      await storage.get('1'),
      await storage.get(1),
      await storage.get(''),
      await storage.get(['nul\u0000', '']),
      await storage.list(),
      await storage.get(null),
    ];
  },
  async 'surrogate-key'({ storage }) {
    await storage.put('\ud800', 'lone');
    const keys = [...(await storage.list()).keys()];
    return [
      await storage.get('\ud800'),
      await storage.get('\ufffd'),
      keys.map((key) => key.charCodeAt(0).toString(16)),
    ];
  },
  async delete({ storage }) {
    await storage.put({ a: 1, b: 2, c: 3 });
    return [
      await storage.delete('a'),
      await storage.delete('a'),
      await storage.delete(['b', 'c', 'b', 'none']),
      await storage.delete([]),
      await storage.list(),
    ];
  },
  async 'argument-types'({ storage }) {
    return [
      await attempt(() => storage.get()),
      await attempt(() => storage.delete()),
      await attempt(() => storage.get(Symbol('s'))),
      await attempt(() => storage.get('k', 'options')),
      await attempt(() => storage.get('k', null)),
      await attempt(() => storage.put('k', 1, { unknown: true })),
      await attempt(() => storage.list(5)),
    ];
  },
  /** Every method with arguments of every kind. */
  async 'argument-kinds'({ storage }) {
    const throws = {
      toString() {
        throw new RangeError('text');
      },
    };
    const kinds = [
      ...[[], [undefined], [null], [Symbol('s')], [5], [{}], [throws], [[Symbol('s')]], [['k', 1]]],
      ...[
        ['k', 'x'],
        ['k', undefined],
        ['k', null],
        ['k', {}],
        ['k', 1, 'x'],
        ['k', 1, null],
      ],
      ...[[['k'], 'x'], [{ a: 1 }, 'x'], [{ a: 1 }, null], [{ a: 1 }, {}, 'x'], [() => 1]],
      ...[
        [() => 1, 'x'],
        [later(), 'x'],
        [later(), null],
      ],
      ...['x', 1.5, 0.5, {}, null, NaN, -1, 2 ** 40].map((limit) => [{ limit }]),
      ...[[{ prefix: Symbol('s') }], [{ prefix: null }], [{ reverse: 'x' }]],
    ];
    const methods = ['get', 'delete', 'list', 'deleteAll', 'getAlarm', 'setAlarm', 'deleteAlarm'];
    const out = {};
    for (const method of [...methods, 'transaction', 'transactionSync', 'put']) {
      out[method] = [];
      for (const kind of kinds) {
        const { text } = await attempt(() => storage[method](...kind));
        out[method].push(text.split('\n')[0]);
      }
    }
    return out;
  },
  async options({ storage }) {
    return [
      await storage.put('k', 1, { allowUnconfirmed: true, noCache: true, allowConcurrency: true }),
      await storage.get('k', { allowConcurrency: true, noCache: true }),
      await storage.delete('k', { allowUnconfirmed: true }),
    ];
  },
  async 'large-values'({ storage }) {
    await storage.put('big', 'x'.repeat(1_000_000));
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`k${i}`, i]));
    return [
      (await storage.get('big')).length,
      await attempt(() => storage.put(many)),
      (await storage.get(Object.keys(many))).size,
      await storage.delete(Object.keys(many)),
      await attempt(() => storage.put('k'.repeat(3000), 1)),
      await attempt(() => storage.put('huge', 'x'.repeat(9_000_000))),
    ];
  },
  async members({ storage, ctx }) {
    const names = [];
    for (let p = storage; p && p !== Object.prototype; p = Object.getPrototypeOf(p)) {
      names.push(...Object.getOwnPropertyNames(p));
    }
    return [
      'get put delete list deleteAll transaction transactionSync sync getAlarm setAlarm deleteAlarm sql kv getCurrentBookmark'
        .split(' ')
        .filter((name) => !names.includes(name)),
      ctx.storage === ctx.storage,
      storage.constructor.name,
      Object.prototype.toString.call(storage),
    ];
  },
  async 'delete-all'({ storage }) {
    await storage.put({ a: 1, b: 2 });
    storage.sql.exec('CREATE TABLE t (x)');
    await storage.setAlarm(Date.now() + 1_000_000);
    return [
      await storage.deleteAll(),
      await storage.list(),
      await storage.getAlarm(),
      storage.sql.exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '_cf_%'").toArray(),
      await storage.put('again', 1),
      await storage.get('again'),
    ];
  },
  async sync({ storage }) {
    storage.put('k', 1, { allowUnconfirmed: true });
    return [await storage.sync(), await storage.sync()];
  },
  async bookmark({ storage }) {
    const before = await storage.getCurrentBookmark();
    await storage.put('k', 1);
    await storage.sync();
    const after = await storage.getCurrentBookmark();
    return [/^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{32}$/.test(before), before <= after];
  },
  async 'async-throws'({ storage }) {
    let thrown = 'nothing';
    try {
      storage.put('k', () => {}).catch(() => {});
      storage.get().catch(() => {});
      storage.list({ limit: -1 }).catch(() => {});
    } catch (error) {
      thrown = String(error);
    }
    return thrown;
  },
};

export class Probe extends DurableObject {
  storage = this.ctx.storage;

  fetch(request) {
    return answer(probes, request, { storage: this.storage, ctx: this.ctx });
  }

  alarm() {}
}

export default {
  fetch: (request, env) => env.PROBE.getByName(request.url).fetch(request),
};
