'use strict';
// Invocation: one event of a Worker from its start to its end: a request, or a call of an entrypoint. RPC targets of its code live
// here, and the stubs its code got belong to it (spec S7.6.3, S7.6.4).
//
// A request ends when its response has left, what waitUntil() was given has settled and the WebSockets that it accepted are closed. A
// call of an entrypoint stays also while its caller has stubs that the call gave out, or a result with a disposer; not for stubs that its
// code sent to others. At the end its timers are cancelled, its connections are cut, what it asked for is not answered any more, its stubs
// are disposed of, and calls of its functions are refused.

const { cancelTimers } = require('../actors/timers');
const { runAs } = require('../current');
const { reportError } = require('../report-error');
const { tunnelError } = require('../rpc/errors');
const { transferDetail } = require('../rpc/transfer');

const kOver = 'The invocation has ended.';
const kHung =
  "The Workers runtime canceled this request because it detected that your Worker's code had hung and would never generate a response. Refer to: https://developers.cloudflare.com/workers/observability/errors/";

class Invocation {
  isObject = /** @type {const} */ (false);
  isLive = true;
  /** @type {Set<number> | undefined} its pending timers */
  timers = undefined;
  /** @type {Set<Disposable> | undefined} */
  #stubs;
  /** Who waits for what it does. @type {((error: unknown) => void) | undefined} */
  #firstCaller;
  /** @type {Set<(error: unknown) => void> | undefined} */
  #others;
  /** @type {Set<(error: unknown) => void> | undefined} */
  #ties;
  #hasBegun = false;
  #isAborted = false;
  #isHung = false;
  /** What waitUntil() was given and has not settled. */
  #background = 0;
  /** What runs in it. @type {{target: any, name: string, props: object} | undefined} */
  entrypoint;
  // Of the watch: see HangWatch.
  /** @type {Promise<unknown> | undefined} */
  awaited;
  /** @type {import('./hang-watch').Watched | undefined} */
  previous;
  /** @type {import('./hang-watch').Watched | undefined} */
  next;
  periods = 0;
  #reasons = 0;
  #worker;
  #targetsCount;

  /** @param {import('./worker').Worker} worker @param {'request' | 'session'} kind */
  constructor(worker, kind) {
    this.#worker = worker;
    this.#targetsCount = kind === 'session';
  }

  get worker() {
    return this.#worker;
  }

  get flags() {
    return this.#worker.flags;
  }

  /** S3.8.9: a stub of the entrypoint that runs. @returns {any} */
  get self() {
    const { name, props } = /** @type {NonNullable<typeof this.entrypoint>} */ (this.entrypoint);
    return this.#worker.persistentStub(name, props);
  }

  get stubs() {
    this.#stubs ??= new Set();
    return this.#stubs;
  }

  /** @template T @param {() => T} run @returns {T} */
  run(run) {
    return runAs(this, run);
  }

  /** The call itself, or RPC to a function or target that lives here. @template T @param {() => Promise<T>} run @returns {Promise<T>} */
  perform(run) {
    const performed = this.untilAborted(runAs(this, run));
    if (!this.#targetsCount) return performed;
    this.begin(); // also for a call that depends on a result which was given out already
    const done = () => this.done();
    performed.then(done, done);
    if (this.#hasBegun) return performed;
    this.#hasBegun = true;
    // Whoever made the call gets the reason as it is, as in workerd.
    return performed.catch((error) => {
      if (this.#isAborted) delete (/** @type {any} */ (error).remote);
      throw error;
    });
  }

  /** Settles as `promise`, or rejects with the reason of abort(). @template T @param {Promise<T>} promise @returns {Promise<T>} */
  untilAborted(promise) {
    return new Promise((resolve, reject) => {
      if (this.#firstCaller === undefined) {
        // Most have one. To reject what has settled does nothing, so there is nothing to take back.
        this.#firstCaller = reject;
        promise.then(resolve, reject);
        this.#watchFor(promise);
        return;
      }
      const others = (this.#others ??= new Set());
      others.add(reject);
      const end = (/** @type {() => void} */ settle) => {
        if (others.delete(reject)) settle();
      };
      promise.then(
        (value) => end(() => resolve(value)),
        (error) => end(() => reject(error)),
      );
    });
  }

  /**
   * As untilAborted(), without a promise: one of the functions is called, once.
   * @template T @param {Promise<T>} promise @param {(value: T) => void} resolve @param {(error: unknown) => void} reject
   */
  watch(promise, resolve, reject) {
    if (this.#firstCaller !== undefined) {
      this.untilAborted(promise).then(resolve, reject);
      return;
    }
    let isOver = false;
    const fail = (/** @type {unknown} */ error) => {
      if (isOver) return;
      isOver = true;
      reject(error);
    };
    this.#firstCaller = fail;
    promise.then((value) => {
      if (isOver) return;
      isOver = true;
      resolve(value);
    }, fail);
    this.#watchFor(promise);
  }

  /** @param {Promise<unknown>} promise what its first caller waits for */
  #watchFor(promise) {
    this.awaited = promise;
    this.#worker.hangs?.add(this);
  }

  /** S1.14.7: it ends now; who waits for it gets the reason. @param {unknown} reason @param {unknown} seen the reason as others get it @returns {never} */
  abort(reason, seen) {
    this.#stop(seen);
    throw reason;
  }

  /** S2.10.4: what it waits for can never be settled. */
  hang() {
    this.#isHung = this.#background > 0; // it goes on with that first
    if (this.#isHung) return;
    const enhanced = this.flags.enhanced_error_serialization;
    this.#stop(tunnelError(new Error(kHung), { enhanced, copy: transferDetail }));
  }

  /** Nobody waits for its answer any more. */
  unwatch() {
    this.#worker.hangs?.remove(this);
  }

  /** @param {unknown} seen by those who wait for it */
  #stop(seen) {
    if (this.isLive) this.#end();
    this.#isAborted = true;
    this.#firstCaller?.(seen);
    for (const reject of this.#others ?? []) reject(seen);
    this.#others?.clear();
  }

  /** A handle to a target is out. */
  hold() {
    if (this.#targetsCount) this.#reasons += 1;
  }

  release() {
    if (this.#targetsCount) this.done();
  }

  /**
   * Something outside is there for its code only: a connection. As ActorInstance.tie().
   * @param {(error: unknown) => void} sever called at its end
   * @returns {() => void} to be called when that is over
   */
  tie(sever) {
    const ties = (this.#ties ??= new Set());
    ties.add(sever);
    return () => void ties.delete(sever);
  }

  /** S9.1.2: it goes on until the promise has settled, and so does the runtime. @param {unknown} promise what it rejects with is reported */
  waitUntil(promise) {
    this.begin();
    this.#background += 1;
    const settled = Promise.resolve(promise)
      .catch(reportError)
      .then(() => {
        this.#background -= 1;
        if (this.#isHung) this.hang();
        this.done();
      });
    // What an abort or a hang has ended never settles.
    const over = new Promise((resolve) => {
      const untie = this.tie(() => resolve(undefined));
      settled.then(() => {
        untie();
        resolve(undefined);
      });
    });
    this.#worker.track(over);
  }

  /** It goes on until done() was called as often as begin(). */
  begin() {
    this.#reasons += 1;
  }

  done() {
    this.#reasons -= 1;
    if (this.#reasons === 0 && this.isLive) this.#end();
  }

  #end() {
    this.isLive = false;
    this.unwatch();
    cancelTimers(this);
    for (const sever of this.#ties ?? []) sever(new Error(kOver));
    this.#ties?.clear();
    for (const stub of this.#stubs ?? []) stub[Symbol.dispose]();
  }
}

module.exports = { Invocation };
