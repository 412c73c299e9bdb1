'use strict';
// Facet: one child of an object or facet, from its first call until it breaks (spec S1.15).
//
// Happy path: getStartupOptions() runs as an event of the parent; the facet's number is made durable, off this thread; its actor is
// opened, and what waited is sent to it. When its instance was merely evicted, the next call makes another from the same options.
// Ways it ends: abort(), its parent's end, its instance breaks: it leaves its parent, and every later call gets the reason. Options
// that cannot be had leave it in place: each call gets the error, until abort() (as in workerd).
//
// While it starts and while it has an instance, its parent is not evicted.

const { resetError, GivenReason } = require('../rpc/reset-error');
const { specifierOf } = require('../workers/durable-object-class');
const { isId } = require('./id');
const { outsideWork } = require('../open-work');

const kEnded = "Couldn't complete operation because the execution context has ended.";
const kNoMembers =
  'Cannot initialize StartupOptions with required members from an undefined or null value.';
const kWrongClass =
  "Incorrect type for the 'class' field on 'StartupOptions': the provided value is not of type 'DurableObjectClass or LoopbackDurableObjectNamespace or LoopbackColoLocalActorNamespace'.";

/**
 * @typedef {object} Start what an instance is made from
 * @property {() => Function} classOf
 * @property {object} props
 * @property {import('../workers/worker').Worker} worker of the class
 * @property {import('./id').DurableObjectId | string} id
 */

class Facet {
  /** @type {Start | undefined} once it is known */
  start;
  #number = 0;
  #handle = 0;
  /** @type {import('./channel').Channel | undefined} */
  #channel;
  /** @type {import('./channel').Call[] | undefined} calls that wait for the start */
  #waiting = [];
  /** @type {{reason: unknown} | undefined} */
  #broken;
  #isAwake = false;

  /**
   * @param {import('./instance').ActorInstance} parent
   * @param {string} name
   * @param {() => any} getStartupOptions
   */
  constructor(parent, name, getStartupOptions) {
    this.parent = parent;
    this.name = name;
    this.#prepare(getStartupOptions);
  }

  /** @returns {number} of the database; set once `start` is */
  get number() {
    return this.#number;
  }

  /** @param {() => any} getStartupOptions */
  async #prepare(getStartupOptions) {
    const { parent } = this;
    parent.hold();
    try {
      const start = toStart(await runIn(parent, getStartupOptions), parent);
      if (this.#broken) return;
      const number = await outsideWork(parent.shard.native.facetNumber(parent.handle, this.name));
      if (this.#broken) return;
      this.#number = number;
      this.start = start;
      for (const call of this.#takeWaiting()) this.send(call);
    } catch (error) {
      this.#fail(new GivenReason(error));
    } finally {
      parent.release();
    }
  }

  #takeWaiting() {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (let i = 0; i < waiting.length; i += 1) this.parent.shard.letGo();
    return waiting;
  }

  /** @param {unknown} reason */
  #fail(reason) {
    if (this.#broken) return;
    this.#broken = { reason };
    for (const call of this.#takeWaiting()) call.reject(resetError(reason, this.parent.flags));
  }

  /** @param {import('./channel').Call} call */
  send(call) {
    if (this.#broken) {
      call.reject(resetError(this.#broken.reason, this.parent.flags));
    } else if (this.#waiting) {
      this.#waiting.push(call);
      this.parent.shard.keepAlive();
    } else if (!this.#opened()?.send(call) && !this.#opened()?.send(call)) {
      call.reject(new Error(kEnded));
    }
  }

  /** The way to its present incarnation; undefined: its parent's is gone. */
  #opened() {
    if (this.#channel !== undefined && !this.#channel.isStale) return this.#channel;
    const { shard, handle } = this.parent;
    this.#handle = shard.native.openFacet(handle, this.#number);
    if (this.#handle === 0) return undefined;
    this.#channel = shard.actors.openFacet(this, this.#handle);
    return this.#channel;
  }

  /** Its instance is being made: the parent stays. */
  awake() {
    this.#isAwake = true;
    this.parent.hold();
  }

  /** Its instance was evicted. */
  asleep() {
    if (!this.#isAwake) return;
    this.#isAwake = false;
    this.parent.release();
  }

  /** Its instance broke. @param {unknown} reason */
  instanceBroke(reason) {
    this.asleep();
    this.#broken ??= { reason };
    this.parent.facets.forget(this);
  }

  /** @param {unknown} reason */
  break(reason) {
    this.#fail(reason);
    if (this.start === undefined) this.#broken = { reason }; // whatever kept it from starting
    if (this.#handle !== 0) this.parent.shard.actors.breakFacet(this.#handle, reason);
  }
}

/**
 * As an event of `parent` and of the critical section that asks for it.
 * @param {import('./instance').ActorInstance} parent
 * @param {() => any} getStartupOptions
 */
function runIn(parent, getStartupOptions) {
  return new Promise((resolve, reject) => {
    parent.postTask(() => {
      try {
        const options = getStartupOptions();
        if (typeof options !== 'object' && typeof options !== 'function' && options !== undefined)
          throw new TypeError("Callback returned incorrect type; expected 'Promise'");
        resolve(options);
      } catch (error) {
        reject(error);
      }
    });
  });
}

/** S1.15.2 @param {any} options @param {import('./instance').ActorInstance} parent @returns {Start} */
function toStart(options, parent) {
  if (options === undefined || options === null) throw new TypeError(kNoMembers);
  const specifier = specifierOf(options.class);
  if (specifier === undefined) throw new TypeError(kWrongClass);
  const { id } = options;
  const { classOf, props, worker } = specifier;
  return { classOf, props, worker, id: id === undefined ? parent.id : isId(id) ? id : `${id}` };
}

module.exports = { Facet };
