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

Object.defineProperty(WorkerEntrypoint.prototype, Symbol.toStringTag, {
  value: 'WorkerEntrypoint',
  writable: true,
  configurable: true,
});

module.exports = { WorkerEntrypoint };
