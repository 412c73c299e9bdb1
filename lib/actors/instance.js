'use strict';
// ActorInstance: one incarnation of an object: its JavaScript instance, its calls under way, its end (spec S2).
//
// Happy path: start() constructs; deliver...() run events one at a time per turn; evict() drops it when the core says it is idle.
// Ways it ends early: break(reason): constructor failure, a failed critical section, abort, a lost commit. Then every caller gets the
// reason, the store and the sockets are cut, and the next event makes a new incarnation under a new handle. retire(): its code was
// replaced; what waits for it goes to the next incarnation, and so do its hibernatable sockets.
//
// Thread: the shard's. Owner: Shard.instances, until evicted or broken.

const { DurableObjectState } = require('./state');
const { ObjectStore } = require('../storage/object-store');
const { Facets } = require('./facets');
const { Answers, isThenable } = require('./answers');
const { CriticalSections } = require('./critical-sections');
const { TargetCalls } = require('./target-calls');
const { AlarmRun } = require('./alarm-run');
const { Background } = require('./background');
const { Retirement } = require('./retirement');
const { GivenReason, resetError } = require('../rpc/reset-error');
const { mintId } = require('./id');
const { makePassedStub } = require('./stub');
const { reportError } = require('../report-error');
const { checkContext } = require('../rpc/ownership');
const { propsFor } = require('../rpc/transfer');
const { current, runAs, runEvent } = require('../current');
const { cancelTimers } = require('./timers');
const { DurableObject } = require('../workers/durable-object');

const kReplaced = 'Durable Object reset because its code was updated.';
const kOverran = 'Actor exceeded event execution time and was disconnected.';
const kEnded = "Couldn't complete operation because the execution context has ended.";

class ActorInstance {
  /** Not an invocation of a Worker. */
  isObject = /** @type {const} */ (true);
  /** @type {Set<Disposable> | undefined} */
  #stubs;
  /** @type {TargetCalls | undefined} */
  #targetCalls;
  /** @type {any} the user's object */
  #object;
  /** @type {unknown} why it broke */
  #reason;
  #state = /** @type {'starting' | 'running' | 'evicted' | 'broken'} */ ('starting');
  #constructing = false;
  #answers = new Answers(this);
  /** @type {CriticalSections | undefined} */
  #sections;
  /** @type {AlarmRun | undefined} */
  #alarmRun;
  /** @type {ObjectStore | undefined} */
  #store;
  /** @type {object | undefined} */
  #env;
  /** @type {Set<(error: any) => void> | undefined} */
  #ties;
  /** @type {Facets | undefined} */
  #facets;
  /** @type {Background | undefined} */
  #background;
  /** Events delivered by deliverEvent() and not over. */
  #events = 0;
  /** @type {Retirement | undefined} */
  #retirement;
  /** @type {any} */
  #id;
  /** @type {{hex: string, name: string | undefined} | undefined} */
  #name;

  /**
   * @param {import('../shard').Shard} shard
   * @param {number} handle
   * @param {import('./namespace-entry').NamespaceEntry} namespace
   * @param {import('./facet').Facet} [facet] what it is an incarnation of, when that is no root object
   */
  constructor(shard, handle, namespace, facet) {
    this.shard = shard;
    this.handle = handle;
    this.namespace = namespace;
    this.facet = facet;
    this.ctx = DurableObjectState.make(this);
    /** @type {Set<number> | undefined} handles of its sockets that have a JavaScript end */
    this.sockets = undefined;
    /** @type {import('./progress').Progress | undefined} since its first write */
    this.progress = undefined;
    /** The turn in which it broke (Shard.turn). */
    this.endedIn = 0;
    /** @type {import('./messages-under-way').MessagesUnderWay | undefined} since it first sent one */
    this.messages = undefined;
    /** The restored stub by which a facet was reached last (S3.8.9). @type {object | undefined} */
    this.reachedAs = undefined;
    /** @type {Set<number> | undefined} its pending timers */
    this.timers = undefined;
    /** @type {(<Args extends any[], T>(run: (...args: Args) => T, ...args: Args) => T) | undefined} see runEvent() */
    this.enterFrame = undefined;
  }

  /** Compatibility flags of its Worker. */
  get flags() {
    return this.namespace.flags;
  }

  get isLive() {
    return this.#state === 'starting' || this.#state === 'running';
  }

  get isBroken() {
    return this.#state === 'broken';
  }

  get reason() {
    return this.#reason;
  }

  /** The user's object. */
  get object() {
    return this.#object;
  }

  /** A DurableObjectId; of a facet, maybe a string (S1.15.2). Most objects never ask. @returns {any} */
  get id() {
    this.#id ??= this.facet?.start?.id ?? this.#mintId();
    return this.#id;
  }

  #mintId() {
    const { hex, name } = this.#keepName();
    return mintId(this.namespace, hex, name, this.namespace.parseId(hex).jurisdiction);
  }

  /** The core knows it as long as the instance is there. @returns {{hex: string, name: string | undefined}} */
  #keepName() {
    if (this.#name === undefined) {
      const [, hex, name] = this.shard.native.actorId(this.handle) ?? [];
      this.#name = { hex, name };
    }
    return this.#name;
  }

  /** Names the actor, not its incarnation. @returns {string} */
  get key() {
    const { facet } = this;
    return facet === undefined
      ? `${this.namespace.index}:${this.id}`
      : `${facet.parent.key}/${facet.number}`;
  }

  /** S1.11.4 @returns {object} of its own */
  get props() {
    const props = this.facet?.start?.props;
    return props === undefined ? {} : propsFor(props, this);
  }

  /** S3.8.9 @returns {any} a stub of it; undefined: a facet, which only its parent can reach */
  get self() {
    if (this.facet !== undefined) return this.reachedAs;
    return makePassedStub(this.namespace, this.id, this.flags.allow_irrevocable_stub_storage);
  }

  /** Of a root object 0. @returns {number} */
  get depth() {
    return this.facet === undefined ? 0 : this.facet.parent.depth + 1;
  }

  /** RPC stubs it has (S7.6.4). */
  get stubs() {
    this.#stubs ??= new Set();
    return this.#stubs;
  }

  get #criticalSections() {
    this.#sections ??= new CriticalSections(this);
    return this.#sections;
  }

  get facets() {
    this.#facets ??= new Facets(this);
    return this.#facets;
  }

  get store() {
    this.#store ??= new ObjectStore(this);
    return this.#store;
  }

  get env() {
    this.#env ??= this.namespace.worker.envFor(this);
    return this.#env;
  }

  /** S2.10.3 */
  checkLive() {
    if (this.isLive) return;
    if (this.isBroken) throw resetError(this.#reason, this.flags);
    throw new Error(kEnded);
  }

  /** Before its storage is used: by whose code (S2.10.2), and whether it still can be. @param {string} type as workerd names it */
  checkUse(type) {
    checkContext(this, current.context, type);
    this.checkLive();
  }

  /** S2.1.2, S2.1.3 */
  start() {
    this.#constructing = true;
    try {
      const Class = this.#classOf();
      this.#object = runAs(this, () => Reflect.construct(Class, [this.ctx, this.env]));
    } catch (error) {
      this.break(error);
      return;
    } finally {
      this.#constructing = false;
    }
    if (!this.isLive) return;
    this.#state = 'running';
    this.shard.native.started(this.handle);
  }

  #classOf() {
    return (this.facet?.start ?? this.namespace).classOf();
  }

  /** S1.10.4 @param {string} name @returns {Function | undefined} */
  handler(name) {
    const found = this.#object?.[name];
    return typeof found === 'function' ? found : undefined;
  }

  /** S5.1.5: not checked while the constructor runs. */
  canSetAlarm() {
    return this.#constructing || this.#object === undefined || this.handler('alarm') !== undefined;
  }

  /** S1.10.3; the flag js_rpc opens every class */
  get supportsRpc() {
    const Class = this.#classOf();
    return Class.prototype instanceof DurableObject || this.flags.js_rpc;
  }

  /** Runs a delivered call. @param {import('./delivered-calls').Call} call */
  deliver(call) {
    this.progress?.pass('call');
    this.shard.keepAlive();
    this.#answers.run(call);
  }

  /** An event of it is over. */
  finished() {
    if (this.isLive) this.shard.native.finished(this.handle);
    this.#retirement?.settled();
  }

  /**
   * Runs an event that nobody waits for: a socket event, a task (S6.12.2, S6.12.6).
   * @param {() => unknown} run
   */
  deliverEvent(run) {
    this.#events += 1;
    this.progress?.pass('task');
    try {
      const result = runEvent(this, run);
      if (isThenable(result)) {
        Promise.resolve(result).then(
          () => this.#eventDone(),
          (error) => this.#eventFailed(error),
        );
        return;
      }
    } catch (error) {
      this.#eventFailed(error);
      return;
    }
    this.#eventDone();
  }

  #eventDone() {
    this.#events -= 1;
    this.finished();
  }

  /** @param {unknown} error */
  #eventFailed(error) {
    if (this.isLive) reportError(error);
    this.#eventDone();
  }

  /** @param {number} scheduledAt @param {number} retryCount */
  deliverAlarm(scheduledAt, retryCount) {
    const run = new AlarmRun(this, scheduledAt, retryCount);
    this.#alarmRun = run;
    runEvent(this, () =>
      run.start(() => {
        this.#alarmRun = undefined;
        this.#retirement?.settled();
      }),
    );
  }

  /**
   * Runs `fn` as an event of this object: after what waits already, through its gate.
   * @param {() => void} fn
   * @param {number} [section]
   */
  postTask(fn, section = this.currentSection) {
    if (this.isLive) this.shard.postTask(this, fn, section);
  }

  /**
   * Runs `fn` now when the input gate lets code of `section` run, else as an event that waits for it.
   * @param {() => void} fn
   * @param {number} section
   */
  runOrPost(fn, section) {
    if (!this.isLive) return;
    if (this.#isOpenFor(section)) fn();
    else this.postTask(fn, section);
  }

  /** @param {number} section */
  #isOpenFor(section) {
    return this.#sections === undefined || this.#sections.isOpenFor(section);
  }

  /**
   * Something outside depends on this incarnation: a body under way, the other end of a socket. `sever` is called with the
   * error when it breaks.
   * @param {(error: any) => void} sever
   * @returns {() => void} to be called when it depends no longer
   */
  tie(sever) {
    if (this.isBroken) {
      queueMicrotask(() => sever(this.severance()));
      return () => {};
    }
    const ties = (this.#ties ??= new Set());
    ties.add(sever);
    return () => void ties.delete(sever);
  }

  /** Something keeps the instance from being evicted, until release(). */
  hold() {
    if (this.isLive) this.shard.native.hold(this.handle);
  }

  release() {
    if (this.isLive) this.shard.native.release(this.handle);
  }

  /** The critical section that code running now belongs to, 0: none. */
  get currentSection() {
    return this.#sections?.current ?? 0;
  }

  /** Runs `run` as an event of this object (RPC to a function or target that lives here).
   * @template T @param {() => Promise<T>} run @param {number} section @returns {Promise<T>} */
  perform(run, section) {
    this.#targetCalls ??= new TargetCalls(this);
    return this.#targetCalls.perform(run, section);
  }

  /** Runs `run` as code of this object, at once when its gate lets code of `section` run: a piece of a stream that is under way.
   * @template T @param {() => Promise<T>} run @param {number} section @returns {Promise<T>} */
  enter(run, section) {
    const isOpen = !this.isLive || this.#isOpenFor(section);
    return isOpen ? runAs(this, run) : this.perform(run, section);
  }

  /** S1.12 @template T @param {() => Promise<T> | T} callback @returns {Promise<T>} */
  blockConcurrencyWhile(callback) {
    return this.#criticalSections.run(callback, 'reset');
  }

  /** S2.5.3 @template T @param {Promise<T>} promise @returns {Promise<T>} */
  retain(promise) {
    return this.#criticalSections.retain(promise);
  }

  /** A critical section whose failure does not reset the object (S3.10.2).
   * @template T @param {() => Promise<T>} callback @returns {Promise<T>} */
  criticalSection(callback) {
    return this.#criticalSections.run(callback, 'report');
  }

  /**
   * Calls `open` when what this object wrote so far and wants confirmed is durable (S2.6.2), at once when there is nothing to wait for;
   * `lost` when those writes were lost.
   * @param {() => void} open
   * @param {(error: unknown) => void} lost
   */
  whenDurable(open, lost) {
    const ticket = this.gateTicket();
    if (ticket === 0) open();
    else this.awaitTicket(ticket, open, lost);
  }

  /** 0: there is nothing to wait for. @returns {number} */
  gateTicket() {
    return this.#mayHaveWritten ? this.shard.native.gate(this.handle) : 0;
  }

  /** Who writes has a store, or facets to delete. */
  get #mayHaveWritten() {
    return this.#store !== undefined || this.#facets !== undefined;
  }

  /** As whenDurable(), for who waits for unconfirmed writes, too (S3.12).
   * @param {() => void} open @param {(error: unknown) => void} lost */
  whenAllDurable(open, lost) {
    const ticket = this.#mayHaveWritten ? this.shard.native.syncTicket(this.handle) : 0;
    if (ticket === 0) open();
    else this.awaitTicket(ticket, open, lost);
  }

  /** @param {number} ticket @param {() => void} open @param {(error: unknown) => void} lost */
  awaitTicket(ticket, open, lost) {
    this.shard.tickets.add(ticket, { instance: this, open, lost });
    this.shard.touch();
  }

  /** S1.11.2 @param {unknown} promise */
  waitUntil(promise) {
    if (!this.isLive) return;
    this.#background ??= new Background(this);
    this.#background.add(promise, () => this.#retirement?.settled());
  }

  /** S1.14 @param {string} [reason] @param {{retryAlarm?: boolean}} [options] @returns {never} */
  abort(reason, options) {
    const error = new Error(
      reason === undefined ? 'Application called abort() to reset Durable Object.' : reason,
    );
    if (options?.retryAlarm === false) this.#alarmRun?.abandon();
    this.break(error);
    throw resetError(error, this.flags);
  }

  /**
   * Ends this incarnation for a reason every caller is told (S2.7).
   * @param {unknown} reason
   */
  break(reason) {
    if (this.isLive) this.#end(reason, () => this.shard.actors.remove(this));
  }

  /**
   * Its code was replaced (S2.4.1): it ends when nothing of it is under way, at the latest after `graceMs`. For root objects.
   * @param {number} graceMs
   */
  retire(graceMs) {
    if (!this.isLive || this.#retirement !== undefined) return;
    const isBusy = () =>
      !this.#answers.isEmpty ||
      this.#events + (this.#background?.size ?? 0) > 0 ||
      this.#alarmRun !== undefined;
    const end = () => this.#makeWay(new Error(kReplaced), 'restart');
    this.#retirement = new Retirement(isBusy, end, graceMs);
  }

  /** S6.14.1: a socket event ran for longer than it may. Hibernatable sockets stay, as on eviction. Outside of a turn. */
  overrun() {
    const error = Object.assign(new Error(kOverran), { retryable: true });
    if (this.facet === undefined) this.#makeWay(error, 'cut');
    else this.break(error); // nobody could wake it for them
  }

  /**
   * Ends this incarnation in favour of the next one, which gets the mail and the hibernatable sockets.
   * @param {Error} reason
   * @param {'restart' | 'cut'} standard what becomes of the other sockets
   */
  #makeWay(reason, standard) {
    if (!this.isLive) return;
    this.shard.commitNow();
    this.shard.sockets.retire(this, standard);
    this.#end(reason, () => this.shard.actors.replace(this));
  }

  /** @param {unknown} reason @param {() => {reject(error: unknown, wasSent?: boolean): void}[]} leave gives the calls that waited */
  #end(reason, leave) {
    this.#retirement?.cancel();
    this.#state = 'broken';
    this.#reason = reason;
    this.endedIn = this.shard.turn;
    cancelTimers(this);
    this.#background?.endAll(); // its timers are gone, so it may never settle
    this.#facets?.abortAll(reason);
    this.#keepName();
    const isDurable = this.gateTicket() === 0;
    const ended = [...this.#answers.takeLost(isDurable), ...leave()];
    this.facet?.instanceBroke(reason);
    this.#alarmRun?.broken();
    for (const sever of this.#ties ?? []) sever(this.severance());
    this.#ties?.clear();
    for (const call of ended) {
      this.shard.letGo();
      call.reject(resetError(reason, this.flags), !(reason instanceof GivenReason));
    }
    this.#targetCalls?.endAll(isDurable);
    this.#disposeStubs();
  }

  /** As those see its end who use what lives here. */
  severance() {
    return Object.assign(resetError(this.#reason, this.flags), { remote: true });
  }

  /** The core found it idle (S2.2.3). */
  evict() {
    this.#state = 'evicted';
    this.#retirement?.cancel();
    cancelTimers(this);
    this.#keepName();
    this.shard.actors.removeEvicted(this);
    this.facet?.asleep();
    this.#disposeStubs();
  }

  #disposeStubs() {
    for (const stub of this.#stubs ?? []) stub[Symbol.dispose]();
  }
}

module.exports = { ActorInstance };
