// A client of test/failures/project, and a ledger of what was acknowledged.
'use strict';

const FULL = 'database or disk is full: SQLITE_FULL';

class Ledger {
  /** @type {Map<string, Record<string, number>>} by object, length by key */
  #acknowledged = new Map();
  #keys = 0;

  /**
   * @param {string} url
   * @param {string} name
   * @param {number} bytes
   * @param {string} [key] a new one by default
   * @returns {Promise<string | undefined>} why it was refused
   */
  async put(url, name, bytes, key = `key-${String(++this.#keys).padStart(5, '0')}`) {
    const response = await fetch(`${url}/put/${name}/${key}/${bytes}`);
    const text = await response.text();
    if (response.status !== 200) return text;
    this.#acknowledged.set(name, { ...this.#acknowledged.get(name), [key]: bytes });
    return undefined;
  }

  /** Every object holds what was acknowledged, no more and no less. @param {string} url */
  async compare(url) {
    for (const name of this.#acknowledged.keys()) await this.compareOne(url, name);
  }

  /** @param {string} url @param {string} name */
  async compareOne(url, name) {
    expect({ name, values: await read(url, name) }).toEqual({
      name,
      values: this.#acknowledged.get(name) ?? {},
    });
  }
}

/** @param {string} url @param {string} name @returns {Promise<Record<string, number> | string>} */
async function read(url, name) {
  const response = await fetch(`${url}/read/${name}`);
  return response.status === 200 ? response.json() : response.text();
}

/**
 * Several objects write until one is refused. Some may be waiting for space at that moment.
 * @param {string} url
 * @param {Ledger} ledger
 * @param {string[]} names
 * @param {number} bytes of each value
 * @returns {Promise<{why: string, refused: string, settled: Promise<void>}>} settled: all have their answer
 */
async function writeUntilRefused(url, ledger, names, bytes) {
  /** @type {{why: string, refused: string} | undefined} */
  let first;
  /** @type {Promise<void>[]} */
  let loops = [];
  await new Promise((resolve, reject) => {
    loops = names.map(async (name) => {
      while (first === undefined) {
        const why = await ledger.put(url, name, bytes);
        if (why === undefined) continue;
        first ??= { why, refused: name };
        resolve(undefined);
        return;
      }
    });
    Promise.all(loops).catch(reject);
  });
  const settled = Promise.all(loops).then(() => undefined);
  return { .../** @type {any} */ (first), settled };
}

/** Asks again until it is taken. @param {string} url @param {Ledger} ledger @param {string} name */
async function writeUntilTaken(url, ledger, name) {
  while ((await ledger.put(url, name, 100)) !== undefined);
}

module.exports = { FULL, Ledger, read, writeUntilRefused, writeUntilTaken };
