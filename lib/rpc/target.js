'use strict';
// Target: what a stub stands for, where it lives, and how many handles there are to it (spec S7.4.4, S7.6.3).

const { RpcTarget } = require('./rpc-target');
const { isPlainObject } = require('./plain');
const { invoke, views } = require('./dispatch');
const { reportError } = require('../report-error');

/**
 * Where code runs: an object, or an invocation of a Worker. Targets live in one, stubs belong to one.
 * @typedef {object} Context
 * @property {boolean} isLive
 * @property {boolean} isObject not an invocation of a Worker
 * @property {Record<string, boolean>} flags compatibility flags
 * @property {number} [currentSection] the critical section that code running there belongs to, 0: none
 * @property {<T>(run: () => Promise<T>, section: number) => Promise<T>} perform runs it as an event of that place
 * @property {Set<Disposable>} stubs that belong to it: they go with it (S7.6.4)
 * @property {() => void} [hold] a handle to something that lives here is out
 * @property {() => void} [release]
 */

/** @typedef {Target | import('../stored-stubs/replayed-target').ReplayedTarget} AnyTarget */

const kDisposed = 'RPC stub used after being disposed.';

class Target {
  references = 0;
  /** It is where it is called. */
  forward = undefined;

  /**
   * @param {any} value
   * @param {Context | undefined} host undefined: code of no known place, which never ends
   * @param {import('./dispatch').View} [view]
   * @param {boolean} [isBorrowed] somebody else disposes of the value
   */
  constructor(value, host, view = viewOf(value), isBorrowed = false) {
    this.value = value;
    this.isBorrowed = isBorrowed;
    this.host = host;
    this.view = view;
    /** Calls belong to the critical section it was handed out in (S2.5.11). */
    this.section = host?.currentSection ?? 0;
  }

  retain() {
    this.references += 1;
  }

  /** Somebody else than the object it lives in has a handle: the object stays, until letGo(). @param {Context | undefined} owner of the handle */
  hold(owner) {
    if (this.host?.isObject && owner !== this.host) this.host.hold?.();
  }

  /** @param {Context | undefined} owner */
  letGo(owner) {
    if (this.host?.isObject && owner !== this.host) this.host.release?.();
  }

  /** S7.4.4: the target's own disposer runs once, after the last handle. */
  release() {
    this.references -= 1;
    if (this.references !== 0) return;
    const { value, host } = this;
    const dispose = this.isBorrowed ? undefined : value[Symbol.dispose];
    if (typeof dispose === 'function') runDisposer(host, () => dispose.call(value));
  }

  /** It is there. */
  begin() {}

  /** For a dup() of its stub. */
  forDup() {
    return this;
  }

  /** @param {string[]} path @param {unknown[] | undefined} args */
  invoke(path, args) {
    return invoke(this.value, this.view, path, args);
  }
}

/** What a stub stands for that was disposed of before it was sent: it arrives, and every call of it fails. */
class GoneTarget extends Target {
  constructor() {
    super(undefined, undefined, views.value, true);
  }

  error() {
    return new Error(kDisposed);
  }
}

/** As an event of the place where it lives; what it throws is nobody's answer. @param {Context | undefined} host @param {() => unknown} dispose */
function runDisposer(host, dispose) {
  if (host !== undefined && !host.isLive) return;
  const run = async () => void (await dispose());
  (host === undefined ? Promise.resolve().then(run) : host.perform(run, 0)).catch((error) => {
    if (host === undefined || host.isLive) reportError(error); // else it could not run
  });
}

/** @param {any} value */
const viewOf = (value) =>
  value instanceof RpcTarget && !isPlainObject(value) ? views.target : views.value;

module.exports = { GoneTarget, Target, kDisposed, runDisposer };
