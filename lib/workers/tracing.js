'use strict';
// tracing of `cloudflare:workers` and of ctx (spec S7.9): spans that nobody collects. Callbacks run and their results are returned, so
// that code which traces itself runs; isTraced says that there is no use in computing attributes.

const { AsyncLocalStorage } = require('node:async_hooks');
const { parameterError } = require('../web/errors');
const { defineInterface } = require('../web/interface');

const kMake = Symbol('make');

/** @type {AsyncLocalStorage<Span>} */
const active = new AsyncLocalStorage();

class Span {
  /** @param {symbol} make */
  constructor(make) {
    if (make !== kMake) throw new TypeError('Illegal constructor');
  }

  get isTraced() {
    return false;
  }

  /** @param {any[]} args a name and a value */
  setAttribute(...args) {
    if (args.length === 0) throw parameterError('setAttribute', 'Span', 1, 'string');
    toText(args[1]);
    return this;
  }

  /** @param {any[]} args values by their names */
  setAttributes(...args) {
    const [attributes] = args;
    if (typeof attributes !== 'object' || attributes === null)
      throw parameterError('setAttributes', 'Span', 1, 'object');
    return this;
  }

  /** @param {any[]} args a status; it comes to nothing, but must be one */
  setStatus(...args) {
    const [status] = args;
    if (typeof status !== 'object' || status === null)
      throw parameterError('setStatus', 'Span', 1, 'TracingSpanStatus');
    if (!['unset', 'ok', 'error'].includes(String(status.code)))
      throw new TypeError("Span status code must be 'unset', 'ok', or 'error'.");
    return this;
  }

  /** @param {any[]} args what was thrown */
  recordException(...args) {
    if (args.length === 0) throw parameterError('recordException', 'Span', 1, 'Value');
  }

  /** @param {any[]} args */
  updateName(...args) {
    if (args.length === 0) throw parameterError('updateName', 'Span', 1, 'string');
    toText(args[0]);
    return this;
  }

  /** That of no trace. */
  spanContext() {
    return { traceId: '0'.repeat(32), spanId: '0'.repeat(16), traceFlags: 0 };
  }

  end() {}
}

/** The active span where there is none. */
const kNone = new Span(kMake);

/** A symbol throws. @param {any} value */
const toText = (value) => `${value}`;

class Tracing {
  /** @param {symbol} make */
  constructor(make) {
    if (make !== kMake) throw new TypeError('Illegal constructor');
  }

  /** Ends the span with the callback, or with its promise. @param {any[]} args */
  enterSpan(...args) {
    return runActive('enterSpan', args);
  }

  /** @param {any[]} args */
  startActiveSpan(...args) {
    return runActive('startActiveSpan', args);
  }

  /** @param {any[]} args */
  startSpan(...args) {
    if (args.length === 0) throw parameterError('startSpan', 'Tracing', 1, 'string');
    return new Span(kMake);
  }

  getActiveSpan() {
    return active.getStore() ?? kNone;
  }

  /** @param {any[]} args a span, a callback and what that is called with */
  withActiveSpan(...args) {
    const [span, callback, ...more] = args;
    if (!(span instanceof Span)) throw parameterError('withActiveSpan', 'Tracing', 1, 'Span');
    if (typeof callback !== 'function')
      throw parameterError('withActiveSpan', 'Tracing', 2, 'Function');
    return active.run(span, () => callback(...more));
  }
}

/** @param {string} method @param {any[]} args a name, a callback and what that is called with after the span */
function runActive(method, [name, callback, ...more]) {
  if (name === undefined) throw parameterError(method, 'Tracing', 1, 'string');
  if (typeof callback !== 'function') throw parameterError(method, 'Tracing', 2, 'Function');
  const span = new Span(kMake);
  return active.run(span, () => callback(span, ...more));
}

defineInterface(Span);
defineInterface(Tracing);
Object.defineProperty(Tracing.prototype, 'Span', {
  value: Span,
  writable: true,
  configurable: true,
});

const makeTracing = () => new Tracing(kMake);

module.exports = { makeTracing };
