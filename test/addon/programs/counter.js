// What the addon tests run: an object that counts, and one call that never ends.
'use strict';

const { createRuntime } = require('../../..');
const { DurableObject } = require('../../../lib/workers');

class Counter extends DurableObject {
  async increment() {
    const value = ((await this.ctx.storage.get('value')) ?? 0) + 1;
    await this.ctx.storage.put('value', value);
    return value;
  }

  never() {
    return new Promise(() => {});
  }
}

/** @param {object} [options] */
const openCounters = (options) =>
  createRuntime({ durableObjects: { COUNTER: Counter }, ...options });

module.exports = { Counter, openCounters };
