'use strict';
// WorkerEntrypoint: the base class of class-based Worker exports (spec S7.7).

class WorkerEntrypoint {
  /** @type {any} */
  ctx;
  /** @type {any} */
  env;

  /** @param {any} ctx @param {any} env */
  constructor(ctx, env) {
    this.ctx = ctx;
    this.env = env;
  }
}

module.exports = { WorkerEntrypoint };
