'use strict';
// ExecutionContext: the ctx of one invocation of a Worker (spec S9.1.2).

const { giveError } = require('../rpc/perform');
const { ServiceStub } = require('../rpc/service-stub-class');
const { restore } = require('../stored-stubs/restore');
const { mapVirtualHost } = require('../web/tcp/virtual-hosts');

const { makeTracing } = require('./tracing');

const kAborted = 'Worker execution was aborted due to call to ctx.abort().';

class ExecutionContext {
  #worker;
  #invocation;
  /** Stubs that have an address. @type {Set<object> | undefined} */
  #mapped;

  /** @param {import('./worker').Worker} worker @param {object} props @param {import('./invocation').Invocation} invocation */
  constructor(worker, props, invocation) {
    this.#worker = worker;
    this.#invocation = invocation;
    this.props = props;
    this.tracing = makeTracing();
    // Of Cloudflare's network: there, and nothing, as in workerd.
    this.cache = /** @type {unknown} */ (undefined);
    this.access = /** @type {unknown} */ (undefined);
    if (worker.flags.enable_ctx_exports) this.exports = worker.exports;
  }

  /**
   * @param {import('./worker').Worker} worker
   * @param {object} props
   * @param {import('./invocation').Invocation} invocation
   * @returns {ExecutionContext} with what the flags of the Worker open
   */
  static make(worker, props, invocation) {
    const { allow_irrevocable_stub_storage: restores } = worker.flags;
    return new (restores ? RestoringContext : ExecutionContext)(worker, props, invocation);
  }

  get [Symbol.toStringTag]() {
    return 'ExecutionContext';
  }

  /** The runtime drains only when the promise has settled. @param {unknown} promise */
  waitUntil(promise) {
    this.#invocation.waitUntil(promise);
  }

  /** S1.14.7: ends the invocation; its callers get the reason. @param {unknown} [reason] @returns {never} */
  abort(reason = new Error(kAborted)) {
    return this.#invocation.abort(reason, giveError(reason, this.#worker));
  }

  /** @param {any} _stub @param {any} _port @returns {string} an address that connect() of `cloudflare:sockets` takes to the stub */
  mapVirtualHost(_stub, _port) {
    const [stub, port] = arguments;
    if (!(stub instanceof ServiceStub)) throw wrongType(1, 'Fetcher');
    if (arguments.length < 2) throw wrongType(2, 'unsigned short integer');
    const mapped = mapVirtualHost(stub, toPort(port));
    (this.#mapped ??= new Set()).add(stub);
    return mapped;
  }

  /** There is no origin behind this server: accepted, and means nothing. */
  passThroughOnException() {}
}

/** Of Workers with the flag allow_irrevocable_stub_storage. */
class RestoringContext extends ExecutionContext {
  #invocation;

  /** @param {import('./worker').Worker} worker @param {object} props @param {import('./invocation').Invocation} invocation */
  constructor(worker, props, invocation) {
    super(worker, props, invocation);
    this.#invocation = invocation;
  }

  /** S3.8.9 @param {object} _params @returns {Promise<any>} a stub that can be stored */
  restore(_params) {
    const invocation = this.#invocation;
    const place = {
      target: invocation.entrypoint?.target,
      get self() {
        return invocation.self;
      },
    };
    return restore(arguments, 'ExecutionContext', place);
  }
}

Object.defineProperty(RestoringContext.prototype, 'constructor', { value: ExecutionContext });
Object.defineProperty(RestoringContext.prototype.restore, 'length', { value: 0 }); // as in workerd
// As in workerd, whose methods take their arguments one by one.
Object.defineProperty(ExecutionContext.prototype.mapVirtualHost, 'length', { value: 0 });

/** @param {number} position @param {string} type */
const wrongType = (position, type) =>
  new TypeError(
    `Failed to execute 'mapVirtualHost' on 'ExecutionContext': parameter ${position} is not of type '${type}'.`,
  );

/** @param {unknown} given @returns {number} */
function toPort(given) {
  const port = Math.trunc(Number(given));
  if (!Number.isFinite(port))
    throw new TypeError('The value cannot be converted because it is not an integer.');
  if (port < 0) {
    throw new TypeError(
      'The value cannot be converted because it is negative and this API expects a positive number.',
    );
  }
  if (port > 65_535)
    throw new TypeError('Value out of range. Must be less than or equal to 65535.');
  return port;
}

module.exports = { ExecutionContext };
