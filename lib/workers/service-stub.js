'use strict';
// ServiceStub: a handle to an entrypoint of a Worker of this runtime: fetch() and RPC (spec S1.13, S7.7).

const { kInvoke, addWildcard } = require('../rpc/wildcard');
const { kNotStorable } = require('../storage/value-codec');
const { performAt } = require('../rpc/perform');
const { invokeInstance } = require('../rpc/dispatch');
const { giveError } = require('../rpc/perform');
const { RpcTarget } = require('../rpc/rpc-target');
const { WorkerEntrypoint } = require('./worker-entrypoint');
const {
  dropBody,
  redirectedRequest,
  requestForDelivery,
  responseForDelivery,
  abortRequest,
  watchCaller,
} = require('../web/internal');
const { answerTo } = require('../actors/answer');
const { runAs } = require('../current');

const kMake = Symbol('make');

/** The body of a Worker's response ends with nothing. */
const untied = () => () => {};
const kRedirectsMax = 20;

class ServiceStub {
  #worker;
  #name;
  #props;
  #owner;

  /**
   * @param {symbol} key
   * @param {import('./worker').Worker} worker
   * @param {string} name of the export
   * @param {object} props
   * @param {import('../actors/instance').ActorInstance | undefined} owner
   */
  constructor(key, worker, name, props, owner) {
    if (key !== kMake) throw new TypeError('Illegal constructor');
    this.#worker = worker;
    this.#name = name;
    this.#props = props;
    this.#owner = owner;
  }

  get [Symbol.toStringTag]() {
    return 'Fetcher';
  }

  /** @param {any} input @param {any} [init] @returns {Promise<any>} */
  fetch(input, init) {
    return this.#answered(async () => {
      let request = requestForDelivery(input, init);
      const visited = [];
      while (visited.length <= kRedirectsMax) {
        const response = await this.#deliver(request, visited.length > 0);
        visited.push(request.url);
        const next = redirectedRequest(request, response);
        if (next === undefined) return response;
        dropBody(response);
        request = next;
      }
      throw new TypeError(`Too many redirects.${visited.join(', ')}`);
    });
  }

  /** @param {InstanceType<import('../web/internal')['Request']>} request @param {boolean} redirected */
  async #deliver(request, redirected) {
    const abandon = () => {
      if (this.#worker.flags.enable_request_signal) runAs(undefined, () => abortRequest(request));
    };
    let unwatch = () => {};
    const abandoned = new Promise((_resolve, reject) => {
      unwatch = watchCaller(request, (reason) => {
        reject(reason);
        abandon();
      });
    });
    abandoned.catch(() => {});
    return Promise.race([this.#answer(request, redirected, abandon), abandoned]).finally(unwatch);
  }

  /**
   * @param {InstanceType<import('../web/internal')['Request']>} request
   * @param {boolean} redirected
   * @param {() => void} onCancel
   */
  async #answer(request, redirected, onCancel) {
    try {
      const response = await runAs(undefined, () =>
        this.#worker.fetch(request, this.#name, this.#props),
      );
      return responseForDelivery(response, request, redirected, untied, onCancel);
    } catch (error) {
      throw giveError(error, this.#worker);
    }
  }

  /** @param {string[]} path @param {unknown[] | undefined} args */
  [kInvoke](path, args) {
    return this.#answered(() =>
      performAt(undefined, 0, (given) => this.#invoke(path, given), args, this.#worker.flags),
    );
  }

  /** @param {string[]} path @param {unknown[] | undefined} args */
  #invoke(path, args) {
    const { target, ctx, isClass } = this.#worker.entrypoint(this.#name, this.#props);
    if (isClass) return invokeInstance(target, WorkerEntrypoint, RpcTarget, path, args);
    return invokeHandler(target, path, args, this.#worker.env, ctx);
  }

  /** @param {() => Promise<any>} call @returns {Promise<any>} */
  #answered(call) {
    if (this.#owner === undefined) return call();
    const answer = answerTo(this.#owner);
    const owner = this.#owner;
    return new Promise((resolve, reject) => {
      owner.whenDurable(() => {
        call().then(
          (value) => answer(() => resolve(value)),
          (error) => answer(() => reject(error)),
        );
      }, reject);
    });
  }
}

/** S7.1.8 @param {any} target @param {string[]} path @param {unknown[] | undefined} args @param {object} env @param {object} ctx */
function invokeHandler(target, path, args, env, ctx) {
  const [name] = path;
  if (path.length !== 1 || !Object.hasOwn(target, name)) {
    throw new TypeError(`The RPC receiver does not implement the method "${name}".`);
  }
  const method = target[name];
  if (args === undefined) return method;
  if (typeof method !== 'function') throw new TypeError(`"${name}" is not a function.`);
  if (method.length > 3) {
    throw new TypeError(
      `Cannot call handler function "${name}" over RPC because it has the wrong number of arguments. A simple function handler can only be called over RPC if it has exactly the arguments (arg, env, ctx), where only the first argument comes from the client. To support multi-argument RPC functions, use class-based syntax (extending WorkerEntrypoint) instead.`,
    );
  }
  if (args.length !== 1) {
    throw new TypeError(
      `Attempted to call RPC function "${name}" with the wrong number of arguments. When calling a top-level handler function that is not declared as part of a class, you must always send exactly one argument. In order to support variable numbers of arguments, the server must use class-based syntax (extending WorkerEntrypoint) instead.`,
    );
  }
  return method.call(target, args[0], env, ctx);
}

addWildcard(ServiceStub);
Object.defineProperty(ServiceStub.prototype, kNotStorable, {
  value: 'ServiceStub cannot be serialized in this context.',
});

/**
 * Callable with `{props}` for a stub whose entrypoint sees them (S1.13.1).
 * @param {import('./worker').Worker} worker
 * @param {string} name
 * @param {object} props
 * @param {import('../actors/instance').ActorInstance | undefined} owner
 * @returns {any}
 */
function makeServiceStub(worker, name, props, owner) {
  const stub = new ServiceStub(kMake, worker, name, props, owner);
  return new Proxy(/** @type {any} */ (function () {}), {
    apply: (_target, _receiver, [options]) =>
      makeServiceStub(worker, name, options?.props ?? {}, owner),
    get(_target, member) {
      const value = /** @type {any} */ (stub)[member];
      return member === 'fetch' || member === kInvoke ? value.bind(stub) : value;
    },
    has: () => true,
    getPrototypeOf: () => ServiceStub.prototype,
  });
}

module.exports = { ServiceStub, makeServiceStub };
