'use strict';
// ExecutionContext: the ctx of one invocation of a Worker (spec S9.1.2).

const { reportError } = require('../report-error');

class ExecutionContext {
  #worker;

  /** @param {import('./worker').Worker} worker @param {object} [props] */
  constructor(worker, props = {}) {
    this.#worker = worker;
    this.props = props;
    if (worker.flags.enable_ctx_exports) {
      Object.defineProperty(this, 'exports', {
        get: () => worker.exports,
        enumerable: true,
        configurable: true,
      });
    }
  }

  get [Symbol.toStringTag]() {
    return 'ExecutionContext';
  }

  /** The runtime drains only when the promise has settled. @param {unknown} promise */
  waitUntil(promise) {
    this.#worker.track(Promise.resolve(promise).catch(reportError));
  }

  /** There is no origin behind this server: accepted, and means nothing. */
  passThroughOnException() {}
}

module.exports = { ExecutionContext };
