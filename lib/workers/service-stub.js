'use strict';
// ServiceStub: a handle to an entrypoint of a Worker of this runtime: fetch() and RPC (spec S1.13, S7.7).

const { kConnect, kDescribe, kInvoke, kLend, kPass, kRestore } = require('../rpc/invoke');
const { ServiceStub } = require('../rpc/service-stub-class');
const { kNotStorable } = require('../storage/refusals');
const { takeArguments, performAt, sendFrom, giveError } = require('../rpc/perform');
const { invoke, views } = require('../rpc/dispatch');
const { propsFor, transferProps } = require('../rpc/transfer');
const { restoreAgain } = require('../stored-stubs/call-restore');
const { checkStillAllowed } = require('../stored-stubs/still-allowed');
const { tags } = require('../stored-stubs/tags');
const { WorkerEntrypoint } = require('./worker-entrypoint');
const { callExtraHandler, isExtraCall } = require('./extra-handlers');
const { checkStub, kChannel, ownedBy, stubError } = require('../rpc/ownership');
const { Invocation } = require('./invocation');
const { deliverTo } = require('./local-delivery');
const { liveInvocation, untilEnd } = require('./until-end');
const { afterTurns, ownTurn } = require('./own-turn');
const {
  dropAnswer,
  dropBody,
  redirectedRequest,
  requestForDelivery,
  abortRequest,
  tieWebSocket,
  watchCaller,
} = require('../web/internal');
const { LocalConnect } = require('../web/tcp/local-connect');
const { reportError } = require('../report-error');
const { answerTo, wasLostWith } = require('../actors/answer');
const { current } = require('../current');

const kMake = Symbol('make');

const kRedirectsMax = 20;
const kNoTraits = {};
/** @type {import('../rpc/perform').Given} */
const kNothing = { args: undefined, stubs: [] };

/** What a class-based entrypoint lets its callers reach. */
const kClassView = { ...views.entrypoint, base: WorkerEntrypoint.prototype };

class Fetcher {
  #worker;
  #name;
  #props;
  #owner;
  #isBinding;
  #isPersistent;

  /**
   * @param {symbol} key
   * @param {import('./worker').Worker} worker
   * @param {string} name of the export
   * @param {object} props
   * @param {import('../actors/instance').ActorInstance | undefined} owner
   * @param {{isBinding?: boolean, isPersistent?: boolean}} [traits] isBinding: its requests come from outside, and static assets may
   *   answer them; isPersistent: it may be stored (S3.8.9)
   */
  constructor(key, worker, name, props, owner, traits = kNoTraits) {
    if (key !== kMake) throw new TypeError('Illegal constructor');
    this.#worker = worker;
    this.#name = name;
    this.#props = props;
    this.#owner = owner;
    this.#isBinding = traits.isBinding ?? false;
    this.#isPersistent = traits.isPersistent ?? false;
  }

  get [Symbol.toStringTag]() {
    return 'Fetcher';
  }

  /** Calls of the other side are its own. */
  [kPass]() {
    checkStub(this, current.context, kChannel);
    return this[kLend]();
  }

  [kLend]() {
    const traits = { isBinding: this.#isBinding, isPersistent: this.#isPersistent };
    return new Fetcher(kMake, this.#worker, this.#name, this.#props, undefined, traits);
  }

  /** S3.8.9 @returns {import('../rpc/invoke').Description} */
  [kDescribe]() {
    checkStub(this, current.context, kChannel);
    const fields = ['service', this.#worker.name, this.#name, this.#props];
    return { tag: tags.serviceStub, fields, isPersistent: this.#isPersistent };
  }

  /** A stub whose entrypoint sees these (S1.13.1). @param {object} props */
  withProps(props) {
    const isPersistent = this.#worker.flags.allow_irrevocable_stub_storage;
    const stub = new Fetcher(kMake, this.#worker, this.#name, props, this.#owner, { isPersistent });
    return ownedBy(current.context, stub);
  }

  /** S1.8.8 @param {any} _address @param {any} [_options] @returns {any} a Socket */
  connect(_address, _options) {
    checkStub(this, current.context, kChannel);
    const { socket, connection } = LocalConnect.open(arguments);
    this[kConnect](connection);
    return socket;
  }

  /** @param {LocalConnect} connection */
  [kConnect](connection) {
    const owner = this.#owner ?? current.instance;
    if (owner === undefined) this.#connect(connection);
    else
      owner.whenDurable(
        () => this.#connect(connection),
        (error) => connection.refuse(error),
      );
  }

  /** @param {LocalConnect} connection */
  async #connect(connection) {
    const worker = this.#worker;
    const invocation = new Invocation(worker, 'request');
    invocation.begin();
    try {
      checkStillAllowed(this.#isPersistent, worker.flags);
      await invocation.run(() => {
        const { target, ctx, isClass } = worker.entrypoint(this.#name, this.#props, invocation);
        const result = isClass ? connection.run(target) : connection.run(target, worker.env, ctx);
        return invocation.untilAborted(Promise.resolve(result));
      });
    } catch (error) {
      if (connection.isAccepted) reportError(error);
      else connection.refuse(error);
    } finally {
      connection.end();
      invocation.unwatch();
      invocation.done();
    }
  }

  /** @param {any} _input @param {any} [_init] @returns {Promise<any>} */
  fetch(_input, _init) {
    const refused = stubError(this, current.context, kChannel);
    if (refused !== undefined) return Promise.reject(refused);
    const args = arguments;
    const owner = this.#owner ?? current.instance;
    const isLost = wasLostWith(owner);
    return answered(owner, async () => {
      checkStillAllowed(this.#isPersistent, this.#worker.flags);
      let request = requestForDelivery(args);
      const visited = [];
      while (visited.length <= kRedirectsMax) {
        const given = request;
        const isAgain = visited.length > 0;
        const response = await ownTurn(() =>
          isLost() ? neverSent() : this.#deliver(given, isAgain),
        );
        visited.push(request.url);
        const next = redirectedRequest(request, response);
        if (next === undefined) {
          const invocation = liveInvocation();
          if (invocation !== undefined) tieWebSocket(response, invocation);
          return response;
        }
        dropBody(response);
        request = next;
      }
      throw new TypeError(`Too many redirects.${visited.join(', ')}`);
    });
  }

  /** @param {InstanceType<import('../web/internal')['Request']>} request @param {boolean} redirected */
  async #deliver(request, redirected) {
    const invocation = new Invocation(this.#worker, 'request');
    const abandon = () => {
      if (this.#worker.flags.enable_request_signal) invocation.run(() => abortRequest(request));
    };
    /** @type {(() => void) | undefined} */
    let unwatch;
    const abandoned = new Promise((_resolve, reject) => {
      unwatch = watchCaller(request, (reason) => {
        reject(reason);
        abandon();
      });
    });
    abandoned.catch(() => {});
    const answer = this.#answer(request, redirected, invocation, abandon);
    return Promise.race([answer, abandoned]).finally(() => unwatch?.());
  }

  /**
   * @param {InstanceType<import('../web/internal')['Request']>} request
   * @param {boolean} redirected
   * @param {Invocation} invocation
   * @param {() => void} onCancel
   */
  async #answer(request, redirected, invocation, onCancel) {
    const worker = this.#worker;
    const front = this.#isBinding && this.#name === 'default' ? worker.front : undefined;
    const call = () =>
      front?.(request) ?? worker.fetch(request, this.#name, this.#props, invocation);
    try {
      return await deliverTo(invocation, request, call, { redirected, onCancel });
    } catch (error) {
      throw giveError(error, worker);
    }
  }

  /**
   * @param {string[]} path
   * @param {unknown[] | undefined} args
   * @param {import('../rpc/pending-result').PendingResult} result
   */
  [kInvoke](path, args, result) {
    checkStub(this, result.caller, kChannel);
    checkStillAllowed(this.#isPersistent, this.#worker.flags);
    const given = takeArguments(args, this.#owner ?? result.caller, this.#worker.flags);
    this.#call(given, result, (invocation) =>
      afterTurns(this.#invoke(path, given.args, invocation)),
    );
  }

  /** S3.8.9 @param {object} params @param {import('../stored-stubs/call-restore').Kind} gives @param {import('../rpc/pending-result').PendingResult} result */
  [kRestore](params, gives, result) {
    checkStillAllowed(true, this.#worker.flags);
    this.#call(kNothing, result, (invocation) => {
      const { target } = this.#worker.entrypoint(this.#name, this.#props, invocation);
      return restoreAgain(target, propsFor(params, invocation), gives);
    });
  }

  /**
   * @param {import('../rpc/perform').Given} given its arguments
   * @param {import('../rpc/pending-result').PendingResult} result
   * @param {(invocation: Invocation) => any} run
   */
  #call(given, result, run) {
    const caller = this.#owner ?? result.caller;
    const invocation = new Invocation(this.#worker, 'session');
    invocation.begin();
    const isLost = wasLostWith(caller?.isObject ? caller : undefined);
    sendFrom(
      caller,
      given,
      result,
      () => invocation.done(),
      () =>
        ownTurn(() =>
          isLost() ? neverSent() : performAt(invocation, 0, result, () => run(invocation)),
        ),
    );
  }

  /** @param {string[]} path @param {unknown[] | undefined} args @param {Invocation} invocation */
  #invoke(path, args, invocation) {
    const entrypoint = this.#worker.entrypoint(this.#name, this.#props, invocation);
    const { target, ctx, isClass } = entrypoint;
    if (isExtraCall(path, args, this.#worker.flags))
      return callExtraHandler(path[0], /** @type {any[]} */ (args), entrypoint, this.#worker.env);
    if (isClass) return invoke(target, kClassView, path, args);
    const { env } = this.#worker;
    return invoke(target, views.handlers, path, args, (method, holder, name) =>
      callHandler(method, holder, name, args, env, ctx),
    );
  }
}

/** Nobody is told: the caller has ended. */
const neverSent = () => Promise.reject(new Error('The caller has ended.'));

/**
 * @param {import('../actors/instance').ActorInstance | undefined} owner who calls
 * @param {() => Promise<any>} call
 * @returns {Promise<any>}
 */
function answered(owner, call) {
  if (owner === undefined) return untilEnd(call(), dropAnswer);
  const answer = answerTo(owner);
  return new Promise((resolve, reject) => {
    owner.whenDurable(() => {
      call().then(
        (value) => answer(() => resolve(value)),
        (error) => answer(() => reject(error)),
      );
    }, reject);
  });
}

/**
 * S7.1.8
 * @param {Function} method
 * @param {any} holder
 * @param {string} name
 * @param {any} args
 * @param {object} env
 * @param {object} ctx
 */
function callHandler(method, holder, name, args, env, ctx) {
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
  return method.call(holder, args[0], env, ctx);
}

Object.setPrototypeOf(Fetcher.prototype, ServiceStub.prototype);
Object.defineProperty(Fetcher.prototype.connect, 'length', { value: 0 }); // as in workerd
Object.defineProperty(Fetcher.prototype, 'constructor', { value: ServiceStub });
Object.defineProperty(Fetcher.prototype, kNotStorable, {
  value: 'ServiceStub cannot be serialized in this context.',
});

/** A service binding. @param {import('./worker').Worker} worker @param {string} name of the export @param {object} props */
const makeService = (worker, name, props) =>
  new Fetcher(kMake, worker, name, transferProps(props), undefined, { isBinding: true });

/**
 * One that may be stored (S3.8.9).
 * @param {import('./worker').Worker} worker
 * @param {string} name of the export
 * @param {object} props a copy that nobody else has
 */
const makePersistentService = (worker, name, props) =>
  new Fetcher(kMake, worker, name, props, undefined, { isPersistent: true });

/**
 * Without props; withProps() gives those that may be stored.
 * @param {import('./worker').Worker} worker
 * @param {string} name of the export
 * @param {import('../actors/instance').ActorInstance | undefined} owner
 */
const makeExport = (worker, name, owner) => new Fetcher(kMake, worker, name, {}, owner);

module.exports = { makeExport, makePersistentService, makeService };
