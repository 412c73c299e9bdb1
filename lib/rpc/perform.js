'use strict';
// Runs one RPC call on a target where it lives: arguments copied in, the result copied out, errors tunnelled (spec S7.2, S7.8).

const pendingResult = require('./pending-result');
const { calls, handleOf, RpcStub } = require('./rpc-stub');
const { GoneTarget, Target, kDisposed, runDisposer } = require('./target');
const { views } = require('./dispatch');
const { kInvoke } = require('./invoke');
const { ownedBy } = require('./ownership');
const { isPlainObject } = require('./plain');
const { transfer, transferArguments, transferDetail } = require('./transfer');
const { enhancedCopy, legacyError, tunnelError } = require('./errors');
const { disposeWhenForgotten } = require('./forgotten');
const { answerTo } = require('../actors/answer');
const { runAs } = require('../current');

/** @typedef {import('./pending-result').PendingResult} PendingResult */
/** @typedef {import('./target').Context} Context */
/** @typedef {import('./target').AnyTarget} AnyTarget */
/** @typedef {{args: unknown[] | undefined, stubs: any[]}} Given */

const kHostGone = 'The execution context which hosts this callback is no longer running.';

/**
 * @param {unknown[] | undefined} args
 * @param {Context | undefined} caller functions among the arguments live there
 * @param {Record<string, boolean>} [flags] the caller's compatibility flags
 * @returns {Given} copies, made at the call (S7.2.2)
 */
function takeArguments(args, caller, flags = caller?.flags) {
  if (args === undefined || args.length === 0) return { args, stubs: kNoStubs };
  // Code of an unknown place is under the newest rules.
  const dups = flags?.rpc_params_dup_stubs !== false;
  const { value, stubs } = transferArguments(args, caller, { dups, moves: !dups });
  return { args: value, stubs };
}

/** @type {any[]} */
const kNoStubs = [];

/**
 * Stubs among the arguments go when the call is over (S7.6.1).
 * @param {any[]} stubs
 */
function disposeAll(stubs) {
  for (const stub of stubs) stub[Symbol.dispose]();
}

/**
 * As copyResult(); calls that depend on the result go to it from now on.
 * @param {unknown} result
 * @param {Context | undefined} host
 * @param {PendingResult} pending
 * @returns {any} the copy
 */
function giveResult(result, host, pending) {
  const { value, pipeline } = copyResult(result, host, pending);
  pending.serve(pipeline);
  return value;
}

/**
 * The caller's copy of a result, with a disposer for the stubs inside (S7.5.9). They change hands (S7.6.1).
 * @param {unknown} result
 * @param {Context | undefined} host
 * @param {PendingResult} pending
 * @returns {{value: any, pipeline: () => import('./pending-result').Pipeline}} with what calls that depend on the result go to
 */
function copyResult(result, host, pending) {
  const disposer = takeDisposer(result);
  const { value, stubs, passed, hasMoved } = transfer(result, host, {
    isResult: true,
    moves: true,
  });
  // What held stubs has lost them to the caller's copy.
  const [holder, place] = hasMoved ? [value, pending.caller] : [result, host];
  const pipeline = () => pipelineOf(holder, value, place);
  const session = host === undefined || host.isObject || host === pending.caller ? undefined : host;
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  if (!isObject) return { value, pipeline };
  giveStubs(stubs, pending.caller, session);
  for (const stub of passed) ownedBy(pending.caller, stub);
  if (typeof value === 'function') return { value, pipeline }; // a stub has its own
  const own = disposer && disposerOf(host, result, disposer, pending.caller, session);
  if (own !== undefined && pending.caller === undefined) disposeWhenForgotten(value, own);
  let disposed = false;
  Object.defineProperty(value, Symbol.dispose, {
    value: () => {
      if (disposed) return;
      disposed = true;
      disposeAll(stubs);
      own?.[Symbol.dispose]();
    },
    configurable: true,
    writable: true,
  });
  return { value, pipeline };
}

/** @param {any[]} stubs of a result @param {Context | undefined} caller @param {Context | undefined} session whose result it is */
function giveStubs(stubs, caller, session) {
  const sessions = session === undefined ? kNoStubs : [session];
  for (const stub of stubs) {
    const handle = handleOf(stub);
    handle.moveTo(caller);
    handle.joinAll(sessions);
    if (caller === undefined) disposeWhenForgotten(stub, handle);
  }
}

/**
 * Runs the disposer of a result once, at the latest when the caller ends. It is made here, where nothing refers to the caller's copy.
 * @param {Context | undefined} host
 * @param {unknown} result
 * @param {Function} disposer
 * @param {Context | undefined} caller
 * @param {Context | undefined} session whose result it is: it goes on until then
 * @returns {Disposable}
 */
function disposerOf(host, result, disposer, caller, session) {
  let isDone = false;
  const own = {
    [Symbol.dispose]() {
      if (isDone) return;
      isDone = true;
      caller?.stubs.delete(own);
      runDisposer(host, () => disposer.call(result));
      session?.release?.();
    },
  };
  session?.hold?.();
  caller?.stubs.add(own);
  return own;
}

/** The disposer of a plain object stays with the callee. @param {any} result @returns {Function | undefined} */
function takeDisposer(result) {
  if (!isPlainObject(result)) return undefined;
  const disposer = result[Symbol.dispose];
  if (disposer === undefined) return undefined;
  delete result[Symbol.dispose];
  return typeof disposer === 'function' ? disposer : undefined;
}

/**
 * What calls that depend on a result go to, while the caller does not have it (S7.3.1).
 * @param {any} result
 * @param {any} value the caller's copy
 * @param {Context | undefined} host
 * @returns {import('./pending-result').Pipeline}
 */
function pipelineOf(result, value, host) {
  if (value instanceof RpcStub) {
    const { target } = handleOf(value);
    if (target !== undefined) return pipelineTo(target);
  }
  if (isPlainObject(result)) return pipelineTo(borrowed(result, host, views.value));
  if (typeof result?.[kInvoke] === 'function')
    return pipelineTo(borrowed(result, host, views.target));
  return pipelineTo(borrowed({}, host, views.value)); // refuses every name
}

/**
 * For one call that depends on a result, which its caller disposes of.
 * @param {any} value
 * @param {Context | undefined} host
 * @param {import('./dispatch').View} view
 */
const borrowed = (value, host, view) => new Target(value, host, view, true);

/** @param {AnyTarget} target @returns {import('./pending-result').Pipeline} */
function pipelineTo(target) {
  return {
    call: (path, given, result) => sendTo(target, path, given, result),
  };
}

/**
 * What calls that depend on a result go to, when the caller has it.
 * @param {any} value
 * @returns {import('./pending-result').Pipeline}
 */
function pipelineOn(value) {
  if (!(value instanceof RpcStub)) return pipelineTo(borrowed(value, undefined, views.value));
  const { target } = handleOf(value);
  if (target !== undefined) return pipelineTo(target);
  return {
    call: (_path, { stubs }, result) => {
      disposeAll(stubs);
      result.reject(new Error(kDisposed));
    },
  };
}

/**
 * @param {unknown} error
 * @param {Origin | undefined} origin where it was thrown; undefined: code of no object, under the newest rules
 * @param {string} [id] of the object, when it goes with the error
 */
function giveError(error, origin, id) {
  const enhanced = origin?.flags.enhanced_error_serialization !== false;
  return tunnelError(error, { enhanced, copy: transferDetail, id });
}

/**
 * For a call that depends on one that has failed: the error as its caller first saw it. Of a DOMException what else it has is lost.
 * @param {any} error
 * @returns {any}
 */
function copyError(error) {
  if (error instanceof DOMException) return legacyError(error);
  return enhancedCopy(error, transferDetail) ?? error;
}

/**
 * Compatibility flags decide how an error crosses.
 * @typedef {{flags: Record<string, boolean>}} Origin
 */

/**
 * @param {AnyTarget} target
 * @param {string[]} path
 * @param {unknown[] | undefined} args
 * @param {PendingResult} result
 */
function callTarget(target, path, args, result) {
  sendTo(target, path, takeArguments(args, result.caller), result);
}

/** @param {AnyTarget} target @param {string[]} path @param {Given} given @param {PendingResult} result */
function sendTo(target, path, given, result) {
  if (target.forward !== undefined) {
    target.forward(path, given, result);
    return;
  }
  target.retain(); // it is there until the call is over
  target.hold(undefined);
  const done = () => {
    target.release();
    target.letGo(undefined);
  };
  if (target instanceof GoneTarget) {
    sendFrom(result.caller, given, result, done, () => Promise.reject(target.error()));
    return;
  }
  sendFrom(result.caller, given, result, done, () =>
    performAt(target.host, target.section, result, () => target.invoke(path, given.args)),
  );
}

/**
 * Sends a call once what its caller wrote is durable, and gives the answer to its caller as an event (S7.2.3).
 * @param {any} caller
 * @param {Given} given
 * @param {PendingResult} result
 * @param {() => void} done
 * @param {() => Promise<any>} perform
 */
function sendFrom(caller, given, result, done, perform) {
  const owner = caller?.isObject ? caller : undefined;
  const answer = answerTo(owner, result.section);
  const end = (/** @type {() => void} */ settle) => {
    disposeAll(given.stubs);
    done();
    answer(settle);
  };
  const post = () => {
    perform().then(
      (value) => end(() => result.resolve(value)),
      (error) => end(() => result.reject(error)),
    );
  };
  if (owner === undefined) post();
  else owner.whenDurable(post, (/** @type {unknown} */ error) => end(() => result.reject(error)));
}

/**
 * @param {Context | undefined} host
 * @param {number} section of the host
 * @param {PendingResult} result
 * @param {() => any} run
 * @returns {Promise<any>} the caller's copy; rejects with the caller's error
 */
async function performAt(host, section, result, run) {
  const call = async () => {
    let given;
    try {
      given = run();
    } catch (error) {
      given = Promise.reject(error);
    }
    try {
      return giveResult(await given, host, result);
    } catch (error) {
      await undefined; // workerd takes an error a turn later, and code that runs beside it may change it until then
      throw giveError(error, host);
    }
  };
  await undefined; // never inside the call itself
  if (host === undefined) return runAs(undefined, call);
  if (!host.isLive) throw new Error(kHostGone);
  return host.perform(call, section);
}

calls.callTarget = callTarget;
pendingResult.calls.takeArguments = takeArguments;
pendingResult.calls.pipelineOn = pipelineOn;
pendingResult.calls.copyError = copyError;

module.exports = {
  takeArguments,
  copyResult,
  giveError,
  copyError,
  disposeAll,
  callTarget,
  sendFrom,
  sendTo,
  performAt,
  pipelineOn,
};
