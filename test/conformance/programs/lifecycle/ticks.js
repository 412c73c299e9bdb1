// How many turns of the microtask queue an operation takes: code that runs beside it sees the difference.
import { DurableObject } from 'cloudflare:workers';
import { answer } from '../probe.js';

const turnsMax = 40;

/** @param {() => Promise<unknown>} start @returns {Promise<number | string>} 'later': an event of its own */
async function turns(start) {
  let settled = false;
  const settle = () => (settled = true);
  start().then(settle, settle);
  for (let n = 0; n < turnsMax; n++) {
    if (settled) return n;
    await null;
  }
  return 'later';
}

const farFuture = 4_102_444_800_000;

/** @param {any} target storage or a transaction */
const keyValue = (target) => ({
  get: () => target.get('a'),
  put: () => target.put('a', 1),
  'get of some': () => target.get(['a', 'b']),
  'put of some': () => target.put({ a: 1 }),
  'put of what cannot be stored': () => target.put('x', () => {}),
  'get of a long key': () => target.get('x'.repeat(3000)),
  delete: () => target.delete('a'),
  'delete of some': () => target.delete(['a', 'b']),
  list: () => target.list(),
  getAlarm: () => target.getAlarm(),
  setAlarm: () => target.setAlarm(farFuture),
  deleteAlarm: () => target.deleteAlarm(),
});

/** @param {DurableObjectState} ctx */
const sections = (ctx) => ({
  transaction: () => ctx.storage.transaction(() => {}),
  'transaction with a put': () => ctx.storage.transaction((txn) => txn.put('b', 1)),
  blockConcurrencyWhile: () => ctx.blockConcurrencyWhile(() => {}),
  'blockConcurrencyWhile with a put': () =>
    ctx.blockConcurrencyWhile(() => ctx.storage.put('a', 2)),
});

/** @param {Record<string, () => Promise<unknown>>} operations */
async function count(operations) {
  const counts = {};
  for (const [name, start] of Object.entries(operations)) counts[name] = await turns(start);
  return counts;
}

const probes = {
  storage: ({ ctx }) =>
    count({ ...keyValue(ctx.storage), ...sections(ctx), sync: () => ctx.storage.sync() }),
  'delete-all': ({ ctx }) => count({ deleteAll: () => ctx.storage.deleteAll() }),
  'critical-section': ({ ctx }) =>
    ctx.blockConcurrencyWhile(() => count({ ...keyValue(ctx.storage), ...sections(ctx) })),
  transaction: ({ ctx }) =>
    ctx.storage.transaction((txn) => count({ ...keyValue(txn), ...sections(ctx) })),
  'transaction-outside': ({ ctx }) => ctx.storage.transaction(() => count(keyValue(ctx.storage))),
};

export class Probe extends DurableObject {
  alarm() {}

  fetch(request) {
    return answer(probes, request, this);
  }
}

export class Legacy extends Probe {}

export default {
  fetch(request, env) {
    const { pathname, search } = new URL(request.url);
    return (search === '?legacy' ? env.LEGACY : env.PROBE).getByName(pathname).fetch(request);
  },
};
