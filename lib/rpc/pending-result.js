'use strict';
// PendingResult: one call or property read under way, as its caller sees it: a promise, and a stub for what it will be (spec S7.2,
// S7.3).
//
// Happy path: started (kInvoke), served (the callee has a result: dependent calls go to it there), resolved (the caller has its copy:
// dependent calls go to that). It may be rejected at any time before; then dependent calls end with the same error. A disposed one
// refuses dependent calls and disposes of the result when it comes. One whose caller, an invocation of a Worker, has ended meanwhile
// disposes of it, too, and settles never: its code does not go on.

const { current } = require('../current');
const { openPromise } = require('../open-work');
const { liveInvocation } = require('../workers/until-end');
const { isBare, rejectedWithFrames } = require('./caller-frames');
const { checkContext } = require('./ownership');

/**
 * What dependent calls go to.
 * @typedef {{call(path: string[], given: import('./perform').Given, result: PendingResult): void}} Pipeline
 */

/** @typedef {{path: string[], given: import('./perform').Given, result: PendingResult}} Dependent */

/**
 * Filled in by perform.js and rpc-stub.js, which require this file.
 * @type {{takeArguments: typeof import('./perform').takeArguments, pipelineOn: typeof import('./perform').pipelineOn,
 *   copyError: typeof import('./perform').copyError}}
 */
const calls = /** @type {any} */ ({});

const kDisposed = 'RPC promise used after being disposed.';
const kNoObject = "Can't pipeline on RPC that did not return an object.";

class PendingResult {
  /** @type {'pending' | 'served' | 'resolved' | 'rejected' | 'disposed'} */
  state = 'pending';
  /** @type {any} the caller's copy, or a copy of the error, which calls that come later get copies of */
  value;
  /** @type {(() => Pipeline) | undefined} where the callee has its result */
  pipeline;
  /** @type {Dependent[] | undefined} */
  waiting;
  /** @type {number | undefined} the calling object's section at the call, when the call is sent later */
  section;
  /** @type {(value: any) => void} */
  #resolve = () => {};
  /** @type {(error: unknown) => void} */
  #reject = () => {};
  /** @type {(() => void) | undefined} */
  #drop;
  /** Whose end may come before the answer. */
  #invocation;

  constructor() {
    const { context } = current;
    /** Where the call was made. */
    this.caller = context;
    this.#invocation = context === undefined ? undefined : liveInvocation(context);
    this.promise = openPromise('a call over RPC', (resolve, reject, drop) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#drop = drop;
    });
  }

  /** Nobody waits for it any more. */
  get #isLate() {
    return this.#invocation?.isLive === false;
  }

  /** The callee has its result. @param {() => Pipeline} makePipeline */
  serve(makePipeline) {
    if (this.state === 'pending') this.state = 'served';
    this.pipeline = makePipeline;
    const { waiting } = this;
    if (waiting === undefined) return;
    this.waiting = undefined;
    const pipeline = makePipeline();
    for (const { path, given, result } of waiting) pipeline.call(path, given, result);
  }

  /** @param {any} value the caller's */
  resolve(value) {
    this.pipeline = undefined;
    if (this.state === 'disposed' || this.#isLate) {
      this.state = 'disposed';
      dispose(value);
    } else {
      this.state = 'resolved';
      this.value = value;
    }
    if (this.#isLate) this.#drop?.();
    else this.#resolve(value);
  }

  /** @param {unknown} error */
  reject(error) {
    if (this.state !== 'disposed') this.state = 'rejected';
    this.value = calls.copyError(error);
    this.pipeline = undefined;
    /** @type {Dependent[]} */
    const waiting = this.waiting ?? [];
    this.waiting = undefined;
    for (const { given, result } of waiting) refuse(given, result, sameError(error));
    if (this.#isLate) this.#drop?.();
    else if (isBare(error)) this.#resolve(rejectedWithFrames(error));
    else this.#reject(error);
  }

  dispose() {
    const { state, value } = this;
    this.state = 'disposed';
    this.value = undefined;
    if (state === 'resolved') dispose(value);
  }

  /**
   * A call that depends on this one: it is sent at once, and waits at the callee (S7.2.2, S7.3.1).
   * @param {string[]} path
   * @param {unknown[] | undefined} args
   * @param {PendingResult} result
   */
  call(path, args, result) {
    this.promise.catch(() => {}); // who sees the dependent call fail has seen this one fail
    if (this.state === 'resolved' && !isObject(this.value)) {
      result.reject(new TypeError(kNoObject));
      return;
    }
    const type = this.state === 'resolved' ? 'JsRpcPromise' : 'Pipeline';
    checkContext(this.caller, result.caller, type);
    const given = calls.takeArguments(args, result.caller);
    if (this.state === 'disposed') refuse(given, result, new Error(kDisposed));
    else if (this.state === 'rejected') refuse(given, result, calls.copyError(this.value));
    else if (this.state === 'resolved') calls.pipelineOn(this.value).call(path, given, result);
    else if (this.pipeline !== undefined) this.pipeline().call(path, given, result);
    else {
      const { caller } = result;
      if (caller?.isObject) result.section = caller.currentSection; // it is sent when that may be another
      (this.waiting ??= []).push({ path, given, result });
    }
  }
}

/**
 * A call that goes nowhere: its arguments are disposed of as at the end of one that came there.
 * @param {import('./perform').Given} given
 * @param {PendingResult} result
 * @param {unknown} error
 */
function refuse({ stubs }, result, error) {
  for (const stub of stubs) stub[Symbol.dispose]();
  result.reject(error);
}

/** For a call that waited beside the one that failed. @param {any} error */
function sameError(error) {
  const copy = calls.copyError(error);
  if (error instanceof DOMException && /** @type {any} */ (error).remote) copy.remote = true;
  return copy;
}

/** @param {unknown} value */
const isObject = (value) =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

/** @param {any} value */
function dispose(value) {
  value?.[Symbol.dispose]?.();
}

module.exports = { PendingResult, calls };
