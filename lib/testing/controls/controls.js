'use strict';
// createControls: what a test kit does with a runtime in memory: levels of storage, life-cycle on demand, calls inside of objects
// (spec S10). It knows no test runner; lib/testing/module/module.js and the kits build on it.
//
// push() and pop() are a stack: each pop brings back the storage of every binding as it was at the push, and discards the objects,
// their calls, alarms, timers, sockets and queue deliveries. Undo costs what was changed (native/storage/levels.h).
//
// Thread: the one of the runtime. Owner: the kit, which disposes of the runtime itself.

const { receive } = require('../../mail/receive');
const { Runtime } = require('../../runtime');
const { checkEmail } = require('../../runtime-options');
const { makeService } = require('../../workers/service-stub');
const { Clock } = require('../time/clock');
const { Crons } = require('../time/crons');
const { evict, evictAll } = require('./eviction');
const { Mailbox } = require('./mailbox');
const { Faults } = require('./faults');
const { Objects } = require('./objects');
const { OpenWorkList } = require('./open-work-list');
const { StartedObjects } = require('./started-objects');

const kNeedsRuntime = 'createControls() needs a runtime that createRuntime() made.';
const kDiscarded = 'The object was discarded: the test that used it is over.';
const kReset = 'The object was reset: all data was deleted by reset().';
const kRestarted = 'Durable Object reset because its code was updated.';
const kCrashed = 'Network connection lost.';
/** What a restart gives calls that are under way. */
const kDrainMs = 10_000;
const kAborted = 'Application called abortAllDurableObjects().';

/** @typedef {import('../../actors/instance').ActorInstance} ActorInstance */

class Controls {
  #objects;
  #started = new StartedObjects();
  #crons;
  #work = new OpenWorkList();
  /** What rate limiters had counted, a level each. @type {any[][]} */
  #rates = [];
  #mailbox = new Mailbox();

  /** @param {Runtime} runtime */
  constructor(runtime) {
    this.runtime = runtime;
    this.#objects = new Objects(() => this.#worker);
    this.faults = new Faults(() => this.#shard, this.#objects);
    this.#crons = new Crons(() => this.#shard);
    this.clock = new Clock(() => this.#shard, this.#crons);
    this.#work.watch();
    this.#shard.outbox.divert((message) => this.#mailbox.add(message));
    this.#shard.onStart = (instance) => this.#noteStart(instance);
    for (const instance of this.#shard.actors.instances()) this.#noteStart(instance);
  }

  get #parts() {
    return Runtime.partsOf(this.runtime);
  }

  get #shard() {
    return this.#parts.shard;
  }

  get #native() {
    return this.#shard.native;
  }

  get #worker() {
    return this.#parts.workers[0];
  }

  /** Bindings of the Worker that takes the requests. */
  get env() {
    return this.#worker.env;
  }

  /** Its `ctx.exports`. */
  get exports() {
    return this.#worker.exports;
  }

  /** A Fetcher: its default export. */
  get self() {
    return makeService(this.#worker, 'default', {});
  }

  /** @param {ActorInstance} instance */
  #noteStart({ handle, facet }) {
    if (facet !== undefined) return;
    const [namespace, hex] = this.#native.actorId(handle);
    this.#started.add(namespace, hex);
  }

  // Storage.

  /** Takes a level: the storage of all bindings as it is now. @returns {Promise<void>} */
  async push() {
    await this.clock.ready;
    this.#native.pushLevel();
    this.#started.push();
    this.#mailbox.push();
    this.#rates.push(this.#rateWindows.map((windows) => windows.save()));
  }

  /**
   * Back to the last push().
   * @param {{keep?: boolean}} [options] keep: what was written since belongs to the level below, and objects go on
   * @returns {Promise<void>}
   */
  async pop({ keep = false } = {}) {
    if (!keep) this.#discard(kDiscarded);
    this.#native.popLevel(keep);
    this.#started.pop(keep);
    const rates = this.#rates.pop() ?? [];
    this.#mailbox.pop(keep);
    if (keep) return;
    this.#rateWindows.forEach((windows, index) => windows.restore(rates[index]));
    await this.#setCrons();
  }

  /** Deletes the data of all bindings; objects begin anew. A pop() undoes it. @returns {Promise<void>} */
  async reset() {
    this.#discard(kReset);
    this.#native.clearStorage();
    this.#started.clear();
    this.#mailbox.clear();
    for (const windows of this.#rateWindows) windows.restore();
    await this.#startBindings();
  }

  /** All objects, those of bindings too. Stubs find the next incarnation. @param {string} reason @param {object} [flags] of the error */
  #discard(reason, flags) {
    this.#work.forget();
    const error = Object.assign(new Error(reason), flags);
    this.#shard.actors.discard(error, { of: () => true, stubs: 'expire' });
  }

  async #startBindings() {
    await this.#parts.startBindings();
    await this.#setCrons();
  }

  /** From the present time on, which does not go back. */
  #setCrons() {
    return this.clock.isFake ? this.#crons.arm() : this.#crons.disarm();
  }

  get #rateWindows() {
    return this.#parts.workers.flatMap(({ rateWindows }) => rateWindows);
  }

  // Mail.

  /**
   * Calls the email handler.
   * @param {import('../../mail/receive').Incoming} message
   * @param {import('../../workers/worker').Worker} [worker] the one that takes the requests without it
   * @returns {Promise<import('../../mail/receive').Outcome>} of a handler that threw, too
   */
  async receiveEmail(message, worker = this.#worker) {
    checkEmail(message);
    return (await receive(worker, message, this.#shard.outbox)).result;
  }

  /** What Workers have sent, forwarded and replied. */
  sentEmails() {
    return this.#mailbox.list();
  }

  // Objects.

  /**
   * S10.2.1
   * @template T
   * @param {any} stub
   * @param {(instance: any, state: any) => Promise<T> | T} callback
   * @returns {Promise<T>} a Response as a caller gets it, everything else as it is
   */
  runInObject(stub, callback) {
    return this.#objects.run(stub, callback);
  }

  /** S10.2.2 @param {any} stub @returns {Promise<boolean>} false: no alarm was set */
  runAlarm(stub) {
    return this.#objects.runAlarm(stub);
  }

  /** S10.2.6 @param {any} namespace @returns {Promise<any[]>} ids, ascending */
  async listIds(namespace) {
    const { index, uniqueKey } = this.#objects.entryOf(namespace);
    const hexes = this.#started.of(index);
    for (const hex of this.#native.storedObjects(uniqueKey)) hexes.add(hex);
    return [...hexes].sort().map((hex) => namespace.idFromString(hex));
  }

  /** The live instance of the class, constructed if need be. @param {any} stubOrId @returns {Promise<any>} */
  async instanceOf(stubOrId) {
    return (await this.#objects.awake(stubOrId)).object;
  }

  /** Its `ctx`. @param {any} stubOrId @returns {Promise<any>} */
  async stateOf(stubOrId) {
    return (await this.#objects.awake(stubOrId)).ctx;
  }

  /** Its `ctx.storage`. @param {any} stubOrId @returns {Promise<any>} */
  async storageOf(stubOrId) {
    return (await this.stateOf(stubOrId)).storage;
  }

  /** S10.3.3 @template T @param {any} state @param {() => Promise<T> | T} callback @returns {Promise<T>} */
  runWithGates(state, callback) {
    return this.#objects.runWithGates(state, callback, this.#shard.actors.instances());
  }

  // Life-cycle.

  /** S10.2.3 @param {any} stub @param {import('./eviction').EvictionOptions} [options] @returns {Promise<void>} */
  async evict(stub, options) {
    const { entry, id } = this.#objects.partsOf(stub, 'evictDurableObject');
    const { handle } = this.#shard.actors.channelTo(entry, id);
    await evict(this.#shard.actors.instanceOf(handle), options);
  }

  /** All that run, their facets too. @param {import('./eviction').EvictionOptions} [options] @returns {Promise<void>} */
  async evictAll(options) {
    const running = this.#shard.actors.instances();
    const roots = running.filter(({ facet, namespace }) => !facet && this.#isOfWorker(namespace));
    await evictAll(roots, options);
  }

  /** Resets the instances of all objects; data stays, stubs are broken (S1.9.4). @returns {Promise<void>} */
  async abortAll() {
    const { namespaces } = this.#shard;
    const of = (/** @type {number} */ index) => this.#isOfWorker(namespaces[index]);
    this.#shard.actors.discard(new Error(kAborted), { of, stubs: 'break' });
  }

  /**
   * The runtime ends and starts again: nothing is left of objects and bindings but what is stored. Modules stay as they are: they belong
   * to the runner. Stubs find the next incarnation.
   * @param {{afterCrash?: boolean}} [options] afterCrash: what is under way ends at once and what is not committed is lost; else calls
   *   have ten seconds to end
   * @returns {Promise<void>}
   */
  async restart({ afterCrash = false } = {}) {
    if (!afterCrash) await this.#work.ended(kDrainMs);
    // Back to here: an alarm whose run is cut off has not failed, it fires again.
    this.#native.pushLevel();
    if (afterCrash) this.#discard(kCrashed, { retryable: true });
    else this.#discard(kRestarted);
    this.#native.popLevel(false);
    for (const windows of this.#rateWindows) windows.restore();
    await this.#startBindings();
  }

  // What is left.

  /** What was started since the last pop and is not over, with where it was started. @returns {import('./open-work-list').Pending[]} */
  pending() {
    return this.#work.list();
  }

  /** The runtime is closed, whatever is under way; time is real again. @returns {Promise<void>} */
  async dispose() {
    this.clock.real();
    await this.clock.ready;
    this.faults.clear();
    this.#discard(kDiscarded);
    this.#work.unwatch();
    this.#shard.onStart = () => {};
    for (const worker of this.#parts.workers) worker.abandon();
    await this.runtime.close();
  }

  /** Not one of those where bindings keep their data. @param {import('../../actors/namespace-entry').NamespaceEntry} entry */
  #isOfWorker({ worker }) {
    return this.#parts.workers.includes(worker);
  }
}

/**
 * @param {Runtime} runtime without a dataDir
 * @returns {Controls}
 */
function createControls(runtime) {
  if (!(runtime instanceof Runtime)) throw new TypeError(kNeedsRuntime);
  return new Controls(runtime);
}

module.exports = { createControls, Controls };
