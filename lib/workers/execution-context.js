'use strict';
// ExecutionContext: the ctx of one invocation of a Worker (spec S9.1.2).

const { reportError } = require('../report-error');
const { giveError } = require('../rpc/perform');
const { addRestore } = require('../rpc/restore');

const { makeTracing } = require('./tracing');

const kAborted = 'Worker execution was aborted due to call to ctx.abort().';

class ExecutionContext {
  #worker;
  #invocation;

  /** @param {import('./worker').Worker} worker @param {object} props @param {import('./invocation').Invocation} invocation */
  constructor(worker, props, invocation) {
    this.#worker = worker;
    this.#invocation = invocation;
    this.props = props;
    this.tracing = makeTracing();
    addRestore(this, worker.flags);
    if (worker.flags.enable_ctx_exports) Object.defineProperty(this, 'exports', worker.exportsSlot);
  }

  get [Symbol.toStringTag]() {
    return 'ExecutionContext';
  }

  /** The runtime drains only when the promise has settled. @param {unknown} promise */
  waitUntil(promise) {
    this.#invocation.begin();
    const settled = Promise.resolve(promise)
      .catch(reportError)
      .then(() => this.#invocation.done());
    this.#worker.track(settled);
  }

  /** S1.14.7: ends the invocation; its callers get the reason. @param {unknown} [reason] @returns {never} */
  abort(reason = new Error(kAborted)) {
    return this.#invocation.abort(reason, giveError(reason, this.#worker));
  }

  /** There is no origin behind this server: accepted, and means nothing. */
  passThroughOnException() {}
}

module.exports = { ExecutionContext };
