'use strict';
// createControls: what a test kit does with a runtime in memory: levels of storage, life-cycle on demand, calls inside of objects
// (spec S10). It knows no test runner; lib/testing/module.js and the kits build on it.
//
// push() and pop() are a stack: each pop brings back the storage of every binding as it was at the push, and discards the objects,
// their calls, alarms, timers, sockets and queue deliveries. Undo costs what was changed (native/storage/levels.h).
//
// Thread: the one of the runtime. Owner: the kit, which disposes of the runtime itself.

const { Runtime } = require('../runtime');
const { makeService } = require('../workers/service-stub');
const { Clock } = require('./clock');
const { evict, evictAll } = require('./eviction');
const { Objects } = require('./objects');
const { StartedObjects } = require('./started-objects');

const kNeedsRuntime = 'createControls() needs a runtime that createRuntime() made.';
const kDiscarded = 'The object was discarded: the test that used it is over.';
const kReset = 'The object was reset: all data was deleted by reset().';
const kAborted = 'Application called abortAllDurableObjects().';

/** @typedef {import('../actors/instance').ActorInstance} ActorInstance */

class Controls {
  #objects;
  #started = new StartedObjects();

  /** @param {Runtime} runtime */
  constructor(runtime) {
    this.runtime = runtime;
    this.#objects = new Objects(() => this.#worker);
    this.clock = new Clock(() => this.#shard);
    this.#shard.onStart = (instance) => this.#noteStart(instance);
    for (const instance of this.#shard.instances()) this.#noteStart(instance);
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
    this.#native.pushLevel();
    this.#started.push();
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
  }

  /** Deletes the data of all bindings; objects begin anew. A pop() undoes it. @returns {Promise<void>} */
  async reset() {
    this.#discard(kReset);
    this.#native.clearStorage();
    this.#started.clear();
    await this.#parts.startBindings();
  }

  /** All objects, those of bindings too. Stubs find the next incarnation. @param {string} reason */
  #discard(reason) {
    this.#shard.discard(new Error(reason), { of: () => true, stubs: 'expire' });
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

  // Life-cycle.

  /** S10.2.3 @param {any} stub @param {import('./eviction').EvictionOptions} [options] @returns {Promise<void>} */
  async evict(stub, options) {
    const { entry, id } = this.#objects.partsOf(stub, 'evictDurableObject');
    const { handle } = this.#shard.channelTo(entry, id);
    await evict(this.#shard.instanceOf(handle), options);
  }

  /** All that run, their facets too. @param {import('./eviction').EvictionOptions} [options] @returns {Promise<void>} */
  async evictAll(options) {
    const running = this.#shard.instances();
    const roots = running.filter(({ facet, namespace }) => !facet && this.#isOfWorker(namespace));
    await evictAll(roots, options);
  }

  /** Resets the instances of all objects; data stays, stubs are broken (S1.9.4). @returns {Promise<void>} */
  async abortAll() {
    const { namespaces } = this.#shard;
    const of = (/** @type {number} */ index) => this.#isOfWorker(namespaces[index]);
    this.#shard.discard(new Error(kAborted), { of, stubs: 'break' });
  }

  /** Not one of those where bindings keep their data. @param {import('../actors/namespace-entry').NamespaceEntry} entry */
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
