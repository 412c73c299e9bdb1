// list() of both key-value interfaces against an ordered map (S3.5, S3.11): keys are compared as bytes.
'use strict';

const { createRuntime } = require('../support/runtime');
const { DurableObject } = require('../../lib/workers');
const { randomFrom, seed } = require('../support/random');

const RUNS = 20;
const STEPS = 150;

/** Pieces that meet at borders: of the alphabet, of UTF-8 lengths, of UTF-16 order, of what is no character. */
const PIECES = [
  ...[
    '',
    '\0',
    '\u0001',
    'a',
    'b',
    'ab',
    'B',
    '_cf_',
    '%',
    '*',
    "'",
    '\x7f',
    '\x80',
    'é',
    '\u07ff',
    '\u0800',
  ],
  ...[
    '\ud800',
    '\udfff',
    '\udc00\ud800',
    '\ue000',
    '\ufffd',
    '\uff61',
    '\uffff',
    '\u{10000}',
    '\u{1f600}',
    '\u{10ffff}',
  ],
];

/** @typedef {(below: number) => number} Random */

/** @param {Random} random @returns {string} */
function randomKey(random) {
  return Array.from({ length: random(4) }, () => PIECES[random(PIECES.length)]).join('');
}

/** What a key is stored as: UTF-8, with three bytes for a lone surrogate as in workerd. @param {string} key */
function bytesOf(key) {
  const encode = (/** @type {string} */ character) => {
    const code = /** @type {number} */ (character.codePointAt(0));
    if (code < 0xd800 || code > 0xdfff) return Buffer.from(character);
    return Buffer.from([0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)]);
  };
  return Buffer.concat([...key].map(encode));
}

/** Rows by key, in the order of the bytes. */
class Model {
  /** @type {Map<string, {bytes: Buffer, value: number}>} */
  #rows = new Map();

  /** @param {string} key @param {number} value */
  put(key, value) {
    const bytes = bytesOf(key);
    this.#rows.set(bytes.toString('hex'), { bytes, value });
  }

  /** @param {string} key */
  delete(key) {
    return this.#rows.delete(bytesOf(key).toString('hex'));
  }

  /** @param {string} key */
  get(key) {
    return this.#rows.get(bytesOf(key).toString('hex'))?.value;
  }

  /** @param {any} options @returns {[string, number][]} */
  list({ start, startAfter, end, prefix, limit = Infinity, reverse = false }) {
    const compared = (/** @type {Buffer} */ bytes, /** @type {string} */ to) =>
      Buffer.compare(bytes, bytesOf(to));
    const rows = [...this.#rows.values()]
      .filter(({ bytes }) => start === undefined || compared(bytes, start) >= 0)
      .filter(({ bytes }) => startAfter === undefined || compared(bytes, startAfter) > 0)
      .filter(({ bytes }) => end === undefined || compared(bytes, end) < 0)
      .filter(({ bytes }) => prefix === undefined || startsWith(bytes, bytesOf(prefix)))
      .sort((a, b) => Buffer.compare(a.bytes, b.bytes));
    if (reverse) rows.reverse();
    return rows.slice(0, limit).map(({ bytes, value }) => [bytes.toString(), value]);
  }
}

/** @param {Buffer} bytes @param {Buffer} prefix */
const startsWith = (bytes, prefix) => bytes.subarray(0, prefix.length).equals(prefix);

/** @param {Random} random */
function randomOptions(random) {
  /** @type {any} */
  const options = {};
  const maybe = (/** @type {string} */ name, /** @type {() => any} */ value) => {
    if (random(2) === 0) options[name] = value();
  };
  maybe(random(2) === 0 ? 'start' : 'startAfter', () => randomKey(random));
  maybe('end', () => randomKey(random));
  maybe('prefix', () => randomKey(random));
  maybe('limit', () => 1 + random(8));
  maybe('reverse', () => random(2) === 0);
  return options;
}

/** @param {any} storage @param {Model} model @param {Random} random @param {number} value */
async function change(storage, model, random, value) {
  const key = randomKey(random);
  switch (random(5)) {
    case 0:
      expect(await storage.delete(key)).toBe(model.delete(key));
      break;
    case 1:
      expect(storage.kv.delete(key)).toBe(model.delete(key));
      break;
    case 2:
      storage.kv.put(key, value);
      model.put(key, value);
      break;
    default:
      await storage.put(key, value);
      model.put(key, value);
  }
  expect(await storage.get(key)).toBe(model.get(key));
}

class Store extends DurableObject {
  /** @param {number} from the seed */
  async walk(from) {
    const random = randomFrom(from);
    const model = new Model();
    for (let step = 0; step < STEPS; step += 1) {
      await change(this.ctx.storage, model, random, step);
      const options = randomOptions(random);
      const expected = model.list(options);
      const context = { seed: from, step, options };
      const map = await this.ctx.storage.list(options);
      // Keys with lone surrogates may look the same once they are strings again.
      expect({ ...context, rows: [...map] }).toEqual({ ...context, rows: [...new Map(expected)] });
      const rows = [...this.ctx.storage.kv.list(options)];
      expect({ ...context, rows }).toEqual({ ...context, rows: expected });
    }
  }
}

test(`S3.5, S3.11.1 list() is that of an ordered map (HOLDFAST_SEED=${seed})`, async () => {
  const runtime = await createRuntime({ durableObjects: { STORE: Store } });
  try {
    const store = /** @type {any} */ (runtime.env.STORE);
    for (let run = 0; run < RUNS; run += 1)
      await store.getByName(`run-${run}`).walk(seed + run + 1);
  } finally {
    await runtime.close();
  }
});
