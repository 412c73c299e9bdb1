'use strict';
// Crons under test: they run when a fake clock says so, and never by themselves: a test that happens to run at the full minute would see
// one that others do not (neither of the kits before this one ran them).

const { findStore } = require('../../bindings/store');

class Crons {
  #shardOf;

  /** @param {() => import('../../shard').Shard} shardOf */
  constructor(shardOf) {
    this.#shardOf = shardOf;
  }

  /** Their next occurrence is the one after the present time. */
  arm() {
    return this.#each('rearm');
  }

  /** None is ever due. */
  disarm() {
    return this.#each('disarm');
  }

  /** @param {'rearm' | 'disarm'} method */
  async #each(method) {
    const store = findStore(this.#shardOf(), 'cron');
    if (store === undefined) return;
    /** @type {Iterable<[string, {expression: string}]>} */
    const triggers = store.env.triggers;
    const calls = [...triggers].map(([name, { expression }]) =>
      store.call(name, method, name, expression),
    );
    await Promise.all(calls);
  }
}

module.exports = { Crons };
