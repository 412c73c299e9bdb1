'use strict';
// ActorDirectory: the objects of a shard by the core's handles: their instances, the ways to them, and what was opened for facets.
//
// A handle names one incarnation. It is opened when somebody wants to call the object (channelTo(), openFacet()), has an instance from
// start() on, and is stale when that one has left: broken (remove()), replaced (replace()) or evicted (removeEvicted()).
//
// Thread: the shard's. Owner: Shard.

const { ActorInstance } = require('./instance');
const { Channel } = require('./channel');
const { HandleTable } = require('../handle-table');
const { namedOf, nameOf } = require('./id');
const { resetError } = require('../rpc/reset-error');

/**
 * A facet's class may be one that another Worker has sent: then its code, env and flags are that Worker's, and its ids and storage the
 * root object's.
 * @param {import('./namespace-entry').NamespaceEntry} namespace of the root object
 * @param {import('./facet').Facet | undefined} facet
 */
function namespaceOf(namespace, facet) {
  const worker = facet?.start?.worker;
  if (worker === undefined || worker === namespace.worker) return namespace;
  return Object.create(namespace, {
    worker: { value: worker },
    flags: { value: worker.flags },
    parseId: { value: (/** @type {string} */ hex) => namespace.parseId(hex) },
  });
}

class ActorDirectory {
  /** @type {import('../shard').Shard} */
  #shard;
  /** @type {HandleTable<ActorInstance>} */
  #instances = new HandleTable();
  /** @type {HandleTable<Channel>} */
  #channels = new HandleTable();
  /** @type {Map<number, import('./facet').Facet>} by handle: those that were opened for one */
  #facets = new Map();
  /** By handle, those that broke in this turn, which may have an event of theirs yet. @type {Map<number, ActorInstance>} */
  #endedInTurn = new Map();

  /** @param {import('../shard').Shard} shard */
  constructor(shard) {
    this.#shard = shard;
  }

  /** A turn of the core begins. */
  beginTurn() {
    if (this.#endedInTurn.size > 0) this.#endedInTurn.clear(); // clear() of an empty Map takes 0.3 µs and a new table
  }

  // Instances.

  /** @param {number} handle */
  instanceOf(handle) {
    return this.#instances.get(handle);
  }

  /** All that are live. @returns {ActorInstance[]} */
  instances() {
    return this.#instances.values();
  }

  /** @param {ActorInstance} root @returns {ActorInstance[]} */
  facetsOf(root) {
    return this.instances().filter((instance) => {
      let at = instance;
      while (at.facet !== undefined) at = at.facet.parent;
      return at === root && instance !== root;
    });
  }

  /** The one with that handle was broken in this very turn, by code of another object. @param {number} handle @returns {ActorInstance} */
  endedInTurn(handle) {
    return /** @type {ActorInstance} */ (this.#endedInTurn.get(handle));
  }

  /** @param {number} handle @param {number} namespace its index */
  start(handle, namespace) {
    const shard = this.#shard;
    const facet = this.#facets.get(handle);
    const instance = new ActorInstance(
      shard,
      handle,
      namespaceOf(shard.namespaces[namespace], facet),
      facet,
    );
    this.#instances.add(instance);
    this.channelOf(handle);
    facet?.awake();
    shard.onStart(instance);
    instance.start();
  }

  /**
   * A broken instance leaves. Returns the calls that waited for it.
   * @param {ActorInstance} instance
   * @returns {{reject(error: unknown, wasSent?: boolean): void}[]}
   */
  remove(instance) {
    const shard = this.#shard;
    const { handle } = instance;
    this.#instances.delete(handle);
    this.#facets.delete(handle);
    this.#endedInTurn.set(handle, instance);
    this.#channels.get(handle)?.break(instance.reason, instance.flags);
    this.#channels.delete(handle);
    shard.sockets.drop(instance);
    shard.lose(instance);
    const tokens = shard.native.breakActor(handle);
    shard.touch();
    return tokens.map((/** @type {number} */ token) => shard.calls.take(token));
  }

  /** Its successor, of new code, takes its mail and its hibernatable sockets. @param {ActorInstance} instance @returns {[]} */
  replace(instance) {
    const shard = this.#shard;
    this.#expire(instance);
    shard.lose(instance);
    shard.native.restartActor(instance.handle);
    shard.touch();
    shard.wake();
    return [];
  }

  /** The core found it idle. @param {ActorInstance} instance */
  removeEvicted(instance) {
    const shard = this.#shard;
    this.#expire(instance);
    this.#facets.delete(instance.handle);
    shard.evicted(instance);
  }

  /** Stubs look for its successor. @param {ActorInstance} instance */
  #expire({ handle }) {
    this.#instances.delete(handle);
    this.#channels.get(handle)?.expire();
    this.#channels.delete(handle);
  }

  // Ways to them.

  /**
   * The way to the object's present incarnation.
   * @param {import('./namespace-entry').NamespaceEntry} entry
   * @param {import('./id').DurableObjectId} id
   */
  channelTo(entry, id) {
    const named = namedOf(id);
    if (named?.channel?.isUsable) return named.channel;
    const name = transportableName(nameOf(id));
    const channel = this.channelOf(this.#shard.native.openActor(entry.index, id.toString(), name));
    if (named !== undefined) named.channel = channel;
    return channel;
  }

  /** @param {number} handle */
  channelOf(handle) {
    let channel = this.#channels.get(handle);
    if (channel === undefined) {
      channel = new Channel(this.#shard, handle);
      this.#channels.add(channel);
    }
    return channel;
  }

  /** The handle is stale. @param {number} handle */
  forgetChannel(handle) {
    this.#channels.delete(handle);
    this.#facets.delete(handle);
  }

  /** A handle that was opened for a facet. @param {import('./facet').Facet} facet @param {number} handle */
  openFacet(facet, handle) {
    this.#facets.set(handle, facet);
    return this.channelOf(handle);
  }

  // Ends that come from outside.

  /** Its instance breaks, or what waits for one is rejected. @param {number} handle @param {unknown} reason */
  breakFacet(handle, reason) {
    const instance = this.#instances.get(handle);
    if (instance !== undefined) {
      instance.break(reason);
      return;
    }
    const flags = this.#facets.get(handle)?.parent.flags;
    if (flags !== undefined) this.#breakUnstarted(handle, reason, flags);
  }

  /** Those with an instance. @param {unknown} reason */
  breakLive(reason) {
    for (const instance of this.instances()) instance.break(reason);
  }

  /** The runtime ends: also objects that were called and have no instance yet. @param {unknown} error */
  breakAll(error) {
    this.breakLive(error);
    for (const { handle } of this.#channels.values()) {
      for (const token of this.#shard.native.breakActor(handle))
        this.#shard.calls.take(token).reject(error);
    }
  }

  /**
   * It has no instance: sleeps, or waits for its first one.
   * @param {number} handle
   * @param {unknown} reason
   * @param {Record<string, boolean>} flags of the object
   */
  #breakUnstarted(handle, reason, flags) {
    const { calls, native } = this.#shard;
    this.#channels.get(handle)?.break(reason, flags);
    this.forgetChannel(handle);
    for (const token of native.breakActor(handle)) {
      this.#shard.letGo();
      calls.take(token).reject(resetError(reason, flags));
    }
  }

  /**
   * The code of their namespaces was replaced. Facets go with their objects.
   * @param {Set<import('./namespace-entry').NamespaceEntry>} entries
   * @param {number} graceMs
   */
  retire(entries, graceMs) {
    for (const instance of this.instances())
      if (instance.facet === undefined && entries.has(instance.namespace)) instance.retire(graceMs);
  }

  /**
   * For lib/testing: objects begin anew: what is under way rejects, sockets are cut, what has no instance forgets its mail.
   * @param {unknown} reason
   * @param {object} how
   * @param {(namespace: number) => boolean} how.of whose
   * @param {'break' | 'expire'} how.stubs what becomes of those that were used: they are broken for good (S1.9.4), or find the next
   *   incarnation
   */
  discard(reason, { of, stubs }) {
    const { native, namespaces, sockets } = this.#shard;
    /** @type {number[]} */
    const handles = native.actors();
    const actors = handles.flatMap((handle) => {
      const [namespace, hex] = native.actorId(handle);
      return of(namespace) ? [{ handle, namespace, hex }] : [];
    });
    if (stubs === 'expire') for (const { handle } of actors) this.#channels.get(handle)?.expire();
    for (const { handle } of actors) this.#instances.get(handle)?.break(reason);
    for (const { handle, namespace, hex } of actors) {
      if (native.actorId(handle) === undefined) continue;
      sockets.forgetSleeping(`${namespace}:${hex}`);
      this.#breakUnstarted(handle, reason, namespaces[namespace].flags);
    }
    this.#shard.touch();
  }
}

/** S1.2.4: a name of more than 1024 bytes is not transported. @param {string | undefined} name */
function transportableName(name) {
  if (name === undefined || name.length <= 341) return name;
  return Buffer.byteLength(name) <= 1024 ? name : undefined;
}

module.exports = { ActorDirectory };
