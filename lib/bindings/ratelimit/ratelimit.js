'use strict';
// Ratelimit: what a rate limiting binding puts on env (spec S8.7.1). Counts are of this process and are gone with it.

const { time } = require('../../time');

const kOptions = ['key', 'limit', 'period', 'delta'];
/** Seconds. */
const kPeriods = [10, 60];
const kUint32Max = 4294967295;

/** How often keys were counted in the window of time that is open, for each period. */
class Windows {
  /** @type {Map<number, {epoch: number, counts: Map<string, number>}>} by period */
  #windows = new Map();

  /** For lib/testing: what was counted. */
  save() {
    return structuredClone(this.#windows);
  }

  /** @param {ReturnType<Windows['save']>} [saved] default: nothing was counted */
  restore(saved = new Map()) {
    this.#windows = structuredClone(saved);
  }

  /** @param {string} key @param {number} limit @param {number} period seconds @param {number} delta @returns {boolean} whether it is below */
  count(key, limit, period, delta) {
    const epoch = Math.floor(time.now() / (period * 1000));
    let open = this.#windows.get(period);
    if (open?.epoch !== epoch) {
      open = { epoch, counts: new Map() };
      this.#windows.set(period, open);
    }
    const count = open.counts.get(key) ?? 0;
    if (count >= limit) return false;
    open.counts.set(key, count + delta);
    return true;
  }
}

class Ratelimit {
  #windows;
  #limit;
  #period;

  /** @param {Windows} windows of the namespace @param {number} limit @param {number} period seconds */
  constructor(windows, limit, period) {
    this.#windows = windows;
    this.#limit = limit;
    this.#period = period;
  }

  /** @param {any} options @returns {Promise<{success: boolean}>} */
  async limit(options) {
    check(typeof options === 'object' && options !== null, 'invalid rate limit options');
    const unknown = Object.keys(options).filter((name) => !kOptions.includes(name));
    check(unknown.length === 0, `bad rate limit options: [${unknown.join(',')}]`);
    const { key = '', limit = this.#limit, period = this.#period, delta = 1 } = options;
    check(typeof key === 'string', `invalid key: ${key}`);
    check(typeof limit === 'number', `limit must be a number: ${limit}`);
    check(typeof period === 'number', `period must be a number: ${period}`);
    check(kPeriods.includes(period), `unsupported period: ${period}`);
    return { success: this.#windows.count(key, limit, period, toDelta(delta)) };
  }
}

/** @param {boolean} isRight @param {string} text */
function check(isRight, text) {
  if (!isRight) throw new Error(text);
}

/** @param {any} given @returns {number} */
function toDelta(given) {
  const value = Number(given);
  if (!Number.isFinite(value))
    throw new TypeError('The value cannot be converted because it is not an integer.');
  if (value < 0) {
    throw new TypeError(
      'The value cannot be converted because it is negative and this API expects a positive number.',
    );
  }
  if (value > kUint32Max)
    throw new TypeError(`Value out of range. Must be less than or equal to ${kUint32Max}.`);
  const delta = Math.trunc(value);
  if (delta === 0) throw new RangeError('delta must be non-zero');
  return delta;
}

module.exports = { Ratelimit, Windows };
