// What test/crash/project/mixed.mjs must hold: operations, what each does to the state, and whether what was read is
// that state. Pure.
'use strict';

const ACCOUNTS = 5;
const KEYS = 12;
const BLOBS = 4;
const BLOB_BYTES_MAX = 20_000;
const ENTRIES_KEPT = 30;
const SOON_MS_MAX = 1_500;
const FAR_AHEAD_MS = 24 * 3600 * 1000;
const LATE_MS_MAX = 60_000;

/**
 * @typedef {object} State
 * @property {Record<string, number>} keys
 * @property {Record<string, number>} balances by account
 * @property {[op: number, account: number, amount: number][]} entries
 * @property {Record<string, [op: number, bytes: number]>} blobs by id
 * @property {Alarm | null} alarm the one asked for; the object may have run it since
 *
 * @typedef {object} Alarm
 * @property {number} at
 * @property {number} of the operation that set it
 */

/** @typedef {(below: number) => number} Random */

/** @returns {State} */
const emptyState = () => ({ keys: {}, balances: {}, entries: [], blobs: {}, alarm: null });

/** Kinds of operations, the frequent ones several times. */
const KINDS = [
  ...['put', 'put', 'put', 'sql', 'sql', 'sql', 'transactionSync', 'transactionSync'],
  ...['transaction', 'transaction', 'alarm', 'alarm'],
];
const DELETE_ALL_ONE_IN = 40;

/**
 * @param {Random} random
 * @param {number} n the operation's number within its object
 * @param {number} now
 */
function randomOperation(random, n, now) {
  if (random(DELETE_ALL_ONE_IN) === 0) return { kind: 'deleteAll', n, again: random(2) === 0 };
  const kind = KINDS[random(KINDS.length)];
  const some = (/** @type {number} */ most) => Array.from({ length: 1 + random(most) });
  const rows = some(3).map(() => [random(ACCOUNTS), random(200) - 100]);
  const key = () => `key-${random(KEYS)}`;
  const soon = random(2) === 0;
  const at = now + (soon ? random(SOON_MS_MAX) : FAR_AHEAD_MS + random(100_000) * 60_000);
  switch (kind) {
    case 'put':
      return { kind, n, keys: some(4).map(key), remove: some(2).map(key) };
    case 'sql': {
      const blob = { id: random(BLOBS), bytes: random(BLOB_BYTES_MAX) };
      return { kind, n, rows, blob, drop: random(BLOBS), keepFrom: n - ENTRIES_KEPT };
    }
    case 'transactionSync':
      return { kind, n, rows, key: key(), fails: random(3) === 0 };
    case 'transaction':
      return {
        ...{ kind, n, rows, key: key(), alarm: at },
        ends: ['commit', 'commit', 'throw', 'rollback'][random(4)],
      };
    default:
      return { kind, n, at: random(4) === 0 ? null : at };
  }
}

/** @param {State} state @param {any} op @returns {State} */
function after(state, op) {
  const next = structuredClone(state);
  const enter = (/** @type {[number, number][]} */ rows) => {
    for (const [account, amount] of rows) {
      next.entries.push([op.n, account, amount]);
      next.balances[account] = (next.balances[account] ?? 0) + amount;
    }
  };
  switch (op.kind) {
    case 'put':
      for (const key of [...op.keys, 'last']) next.keys[key] = op.n;
      for (const key of op.remove) delete next.keys[key];
      break;
    case 'sql':
      enter(op.rows);
      next.blobs[op.blob.id] = [op.n, op.blob.bytes];
      delete next.blobs[op.drop];
      next.entries = next.entries.filter(([n]) => n >= op.keepFrom);
      break;
    case 'transactionSync':
      if (op.fails) break;
      enter(op.rows);
      next.keys[op.key] = op.n;
      break;
    case 'transaction':
      if (op.ends !== 'commit') break;
      enter([...op.rows.slice(1), ...op.rows.slice(0, 1)]);
      next.keys[`${op.key}-before`] = next.keys[op.key] = op.n;
      next.alarm = { at: op.alarm, of: op.n };
      break;
    case 'alarm':
      next.alarm = op.at === null ? null : { at: op.at, of: op.n };
      break;
    case 'deleteAll': {
      const nothing = emptyState();
      if (!op.again) return nothing;
      const kept = { entries: [[op.n, 0, op.n]], balances: { 0: op.n }, keys: { last: op.n } };
      return { ...nothing, .../** @type {any} */ (kept) };
    }
  }
  return next;
}

/**
 * What is wrong with what was read, if it should be `state`.
 * @param {any} found
 * @param {State} state
 * @returns {string[]} nothing when it is that state
 */
function differences(found, state) {
  const expected = {
    keys: Object.entries(state.keys).sort(byKey),
    balances: Object.entries(state.balances).map(([account, sum]) => [Number(account), sum]),
    entries: state.entries,
    blobs: Object.entries(state.blobs).map(([id, [op, bytes]]) => [Number(id), op, bytes]),
  };
  const actual = { ...found, keys: Object.entries(found.keys).sort(byKey) };
  const wrong = Object.entries(expected)
    .filter(([part, value]) => JSON.stringify(actual[part]) !== JSON.stringify(value))
    .map(
      ([part, value]) =>
        `${part}: found ${JSON.stringify(actual[part])}, not ${JSON.stringify(value)}`,
    );
  if (!isAlarm(found, state.alarm))
    wrong.push(
      `alarm: found ${found.alarm} of ${found.alarmOf}, not ${JSON.stringify(state.alarm)}; fired ${JSON.stringify(found.fired)}`,
    );
  return wrong;
}

/**
 * S12.7: it waits, or it has run. One that was due when it was set waits for the time of setting (S5.1.4).
 * @param {any} found
 * @param {Alarm | null} alarm
 */
function isAlarm(found, alarm) {
  if (alarm === null) return found.alarm === null;
  if (found.alarmOf !== alarm.of) return false;
  if (found.alarm === null)
    return found.fired.some(([of, ran]) => of === alarm.of && ran >= alarm.at);
  return found.alarm >= alarm.at && found.alarm < alarm.at + LATE_MS_MAX;
}

/** No alarm is set, and the last one may have been taken for a run that is to come. @param {any} found */
function mayBeTaken(found) {
  return found.alarm === null && !found.fired.some(([of]) => of === found.alarmOf);
}

/**
 * What no state may show.
 * @param {any} found
 * @returns {string[]}
 */
function violations(found) {
  const wrong = [];
  const check = JSON.stringify(found.check);
  if (check !== '[{"quick_check":"ok"}]') wrong.push(`quick_check: ${check}`);
  if (found.firedCount !== found.fired.length)
    wrong.push(`half a turn of alarm(): ${found.firedCount} of ${found.fired.length}`);
  if (found.alarm !== null && found.fired.some(([of]) => of === found.alarmOf)) {
    wrong.push(`the alarm of operation ${found.alarmOf} ran and is still there`);
  }
  return wrong;
}

/** @param {[string, unknown]} a @param {[string, unknown]} b */
const byKey = ([a], [b]) => (a < b ? -1 : 1);

module.exports = {
  FAR_AHEAD_MS,
  after,
  differences,
  emptyState,
  mayBeTaken,
  randomOperation,
  violations,
};
