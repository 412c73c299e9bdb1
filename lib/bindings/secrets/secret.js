'use strict';
// SecretsStoreSecret: what a binding to a secret of a Secrets Store puts on env (spec S8.7.1): its value, on demand.
//
// A store is kept as a KV namespace, as in miniflare, with the id of each secret as metadata. Its admin API, which creates secrets, is
// reached by the name that miniflare gives it; tests do that by adminSecretsStore() (spec S10.2).

const { randomUUID } = require('node:crypto');
const { defineInterface } = require('../../web/interface');
const { kNotStorable } = require('../../storage/refusals');

const kMake = Symbol('make');
/** The name of the method that gives the admin API. */
const ADMIN_API = 'SecretsStoreSecret::admin_api';

/** @typedef {ReturnType<typeof import('../kv/kv-namespace').makeKvNamespace>} KvNamespace */

class SecretsStoreSecret {
  /** @type {KvNamespace} */
  #store;
  /** @type {string} */
  #name;

  /** @param {symbol} key @param {KvNamespace} store @param {string} name */
  constructor(key, store, name) {
    if (key !== kMake) throw new TypeError('Illegal constructor');
    this.#store = store;
    this.#name = name;
  }

  /** @returns {Promise<string>} its value; rejects when there is none */
  async get() {
    const value = await this.#store.get(this.#name);
    if (value === null) throw remote(`Secret "${this.#name}" not found`);
    return value;
  }

  /** Of all secrets of the store; those that exist are named by their ids. */
  [ADMIN_API]() {
    const store = this.#store;
    const put = async (
      /** @type {string} */ name,
      /** @type {string} */ value,
      /** @type {string} */ id,
    ) => {
      await store.put(name, value, { metadata: { uuid: id } });
      return id;
    };
    return {
      /** @param {string} value of the secret of this binding */
      create: (value) => put(this.#name, value, randomUUID().replaceAll('-', '')),
      /** @param {string} value @param {string} id */
      update: async (value, id) => put(await nameOf(store, id), value, id),
      /** @param {string} id @param {string} name of the copy */
      async duplicate(id, name) {
        return put(name, await store.get(await nameOf(store, id)), randomUUID());
      },
      /** @param {string} id */
      delete: async (id) => store.delete(await nameOf(store, id)),
      list: () => listAll(store),
      /** @param {string} id @returns {Promise<string>} its name */
      get: (id) => nameOf(store, id),
    };
  }
}

/** @param {KvNamespace} store @returns {Promise<{name: string, metadata?: {uuid: string}}[]>} */
async function listAll(store) {
  const all = [];
  for (let cursor; ;) {
    const page = /** @type {any} */ (await store.list({ cursor }));
    all.push(...page.keys);
    if (page.list_complete) return all;
    ({ cursor } = page);
  }
}

/** In workerd the store is another Worker. @param {string} message */
const remote = (message) => Object.assign(new Error(message), { remote: true });

/** @param {KvNamespace} store @param {string} id */
async function nameOf(store, id) {
  const found = (await listAll(store)).find(({ metadata }) => metadata?.uuid === id);
  if (found === undefined) throw remote('Secret not found');
  return found.name;
}

defineInterface(SecretsStoreSecret);
Object.defineProperty(SecretsStoreSecret.prototype, ADMIN_API, { enumerable: false });
Object.defineProperty(SecretsStoreSecret.prototype, kNotStorable, {
  value: 'A secret of a Secrets Store cannot be serialized.',
});

/** @param {KvNamespace} store @param {string} name */
const makeSecret = (store, name) => new SecretsStoreSecret(kMake, store, name);

module.exports = { ADMIN_API, makeSecret };
