'use strict';
// Shard: this environment's side of a runtime: takes turns from the native core and gives every event to what it is for.
//
// A turn that the core starts (turn()) ends natively when its microtasks are drained. A turn that Node starts (a timer, a fetch) must
// say touch() when it wrote or sent something, so that the turn is ended once its microtasks are drained (guide, section 9.3).
//
// Thread: the one of its Node environment. Owner: Runtime.

const native = require('./native');
const {
  turnFlag,
  turnKind,
  wordsPerEvent,
  eventKind,
  alarmOutcome,
  alarmVerdict,
} = require('./constants');
const { ActorInstance } = require('./actors/instance');
const { Progress } = require('./actors/progress');
const { Channel } = require('./actors/channel');
const { namedOf, nameOf } = require('./actors/id');
const { commitError, resetError } = require('./rpc/reset-error');
const { HandleTable } = require('./handle-table');
const { Slots } = require('./slots');
const { Tickets } = require('./tickets');
const { OpenCursors } = require('./storage/open-cursors');
const { RowCells } = require('./storage/row-cells');
const { SocketHub } = require('./sockets/socket-hub');
const { IdleMemory } = require('./idle-memory');
const { HangWatch } = require('./workers/hang-watch');
const { reportError } = require('./report-error');

const kTwo32 = 4294967296;
const verdictNames = Object.fromEntries(
  Object.entries(alarmVerdict).map(([name, value]) => [value, name]),
);

class Shard {
  /** @type {Uint32Array} */
  #words = new Uint32Array(0);
  #turnEndArmed = false;
  /** @type {Set<ActorInstance>} that have written and may have to wait for it */
  #writers = new Set();
  #closed = false;
  /** @type {HandleTable<ActorInstance>} */
  #instances = new HandleTable();
  /** @type {HandleTable<Channel>} */
  #channels = new HandleTable();
  /** @type {Map<number, import('./actors/facet').Facet>} by handle: those that were opened for one */
  #facets = new Map();
  /** By handle, those that broke in this turn, which may have an event of theirs yet. @type {Map<number, ActorInstance>} */
  #endedInTurn = new Map();
  /** Work that must keep the process running: calls not answered, listening. */
  #reasonsToLive = 0;
  #requests = 0;
  #requestsDone = 0;
  /** @type {string | undefined} why nothing is acknowledged any more */
  trouble = undefined;

  /** @param {object} options for the native Runtime */
  constructor(options) {
    this.native = new native.Runtime(options, {
      onTurn: (
        /** @type {number} */ count,
        /** @type {string} */ text,
        /** @type {any[]} */ payloads,
      ) => this.#turn(count, text, payloads),
      onWords: (/** @type {Uint32Array} */ words) => {
        this.#words = words;
      },
    });
    /** @type {Uint32Array} 1 while a turn of the core runs */
    this.state = this.native.state;
    /** @type {import('./actors/namespace-entry').NamespaceEntry[]} by index */
    this.namespaces = [];
    /** @type {Slots<any>} calls and tasks on their way, by token */
    this.calls = new Slots();
    this.tickets = new Tickets();
    this.sockets = new SocketHub(this);
    this.memory = new IdleMemory(() => {
      if (!this.#closed) this.native.trimMemory();
    });
    this.hangs = new HangWatch(() => this.memory.collectSoon());
    /** @type {OpenCursors<import('./storage/sql-cursor').Cursor>} */
    this.openCursors = new OpenCursors((handle) => {
      if (!this.#closed) this.native.cursorClose(handle);
    });
    this.rowCells = new RowCells(this.native.sqlCells);
    /** @type {import('./http/exchanges').Exchanges | undefined} set by the runtime */
    this.exchanges = undefined;
    /** @type {() => void} */
    this.onDrained = () => {};
    /** @type {(message: string) => void} */
    this.onFlushFailed = () => {};
    /** @type {(instance: ActorInstance) => void} an instance is about to be constructed; for lib/testing */
    this.onStart = () => {};
  }

  // Turns.

  /** Something was written or sent: the turn must be ended. */
  touch() {
    if (this.state[0] === 1 || this.#turnEndArmed) return;
    this.#turnEndArmed = true;
    queueMicrotask(() => process.nextTick(() => this.#endTurn()));
  }

  /** @param {ActorInstance} instance it has written */
  wrote(instance) {
    this.#writers.add(instance);
    instance.progress ??= new Progress();
    instance.progress.wrote();
    this.touch();
  }

  /**
   * What an output must wait for: the writes of `instance`, or of every object when that is not known.
   * @param {ActorInstance | undefined} instance
   * @returns {Promise<void>[]}
   */
  pendingWrites(instance) {
    if (this.#closed) return [];
    const writers = instance === undefined ? [...this.#writers] : [instance];
    return writers.flatMap((writer) => {
      if (writer.shard !== this || !writer.isLive) {
        this.#writers.delete(writer);
        return [];
      }
      let isOpen = false;
      const wait = new Promise((resolve, reject) => {
        writer.whenDurable(() => {
          isOpen = true;
          resolve(undefined);
        }, reject);
      });
      if (isOpen) this.#writers.delete(writer);
      return isOpen ? [] : [/** @type {Promise<void>} */ (wait)];
    });
  }

  /** Something was posted: the core must be asked for a turn. */
  wake() {
    if (this.state[0] !== 1) this.native.ring();
  }

  #endTurn() {
    this.#turnEndArmed = false;
    if (!this.#closed) this.native.endTurn();
  }

  /** The process stays while there are reasons. */
  keepAlive() {
    this.#reasonsToLive += 1;
    if (this.#reasonsToLive === 1 && !this.#closed) this.native.keepAlive(true);
  }

  letGo() {
    this.#reasonsToLive -= 1;
    if (this.#reasonsToLive === 0 && !this.#closed) this.native.keepAlive(false);
  }

  /** What was counted so far, for lib/admin. @returns {import('./admin/runtime-metrics').Counted} */
  counted() {
    return {
      core: this.native.metrics(),
      requests: this.#requests,
      requestsDone: this.#requestsDone,
      memory: process.memoryUsage(),
    };
  }

  async close() {
    if (this.#closed) return;
    const error = new Error('The runtime is closed.');
    for (const instance of this.#instances.values()) instance.break(error);
    // Objects that were called and have no instance yet.
    for (const { handle } of this.#channels.values()) {
      for (const token of this.native.breakActor(handle)) this.calls.take(token).reject(error);
    }
    this.#lose(undefined);
    this.native.endTurn();
    this.#closed = true;
    this.memory.close();
    this.hangs.close();
    await this.native.close();
  }

  /** @param {number} count @param {string} text @param {any[]} payloads */
  #turn(count, text, payloads) {
    const words = this.#words;
    this.memory.turn();
    if (this.#endedInTurn.size > 0) this.#endedInTurn.clear(); // clear() of an empty Map takes 0.3 µs and a new table
    for (let i = 0, at = 0; i < count; i += 1, at += wordsPerEvent) {
      try {
        this.#event(words, at, text, payloads);
      } catch (error) {
        reportError(error);
      }
    }
  }

  /** @param {Uint32Array} words @param {number} at @param {string} text @param {any[]} payloads */
  #event(words, at, text, payloads) {
    const flags = words[at];
    const handle = words[at + 2] * kTwo32 + words[at + 1];
    const payload = words[at + 3] === 0 ? undefined : payloads[words[at + 3] - 1];
    switch (flags & 0xff) {
      case turnKind.actor:
        this.#actorEvent(words, at, flags, handle, payload);
        break;
      case turnKind.request:
        this.#requests += 1;
        this.exchanges?.request(handle, words, at, text, payload);
        break;
      case turnKind.requestBody:
        this.exchanges?.body(
          handle,
          payload,
          (flags & turnFlag.last) !== 0,
          (flags & turnFlag.failed) !== 0,
        );
        break;
      case turnKind.responseWritable:
        this.exchanges?.writable(handle, words[at + 4]);
        break;
      case turnKind.requestDone:
        this.#requestsDone += 1;
        this.exchanges?.done(handle, (flags & turnFlag.complete) !== 0);
        break;
      case turnKind.socketMessage:
        this.sockets.message(handle, payload);
        break;
      case turnKind.socketEnded:
        this.sockets.ended(
          handle,
          words[at + 4],
          payload,
          (flags & turnFlag.clean) !== 0,
          (flags & turnFlag.last) !== 0,
        );
        this.memory.released();
        break;
      case turnKind.gateOpened:
        this.#openGate(words[at + 5] * kTwo32 + words[at + 4]);
        break;
      case turnKind.commitFailed:
        this.#instances.get(handle)?.break(commitError(payload));
        break;
      case turnKind.flushFailed:
        this.#flushFailed(payload);
        break;
      case turnKind.notice:
        console.warn(`holdfast: ${payload}`);
        break;
      case turnKind.drained:
        this.onDrained();
        break;
      default:
        throw new Error(`Unknown event ${flags & 0xff} from the core.`);
    }
  }

  /** No write after the last durable one is safe: whoever may have made one is reset and told. @param {string} message */
  #flushFailed(message) {
    this.trouble = `Writing to the data directory failed: ${message}`;
    this.onFlushFailed(message);
    const error = new Error(
      `Writing to the data directory failed, the write may be lost: ${message}`,
    );
    for (const instance of this.#instances.values()) instance.break(error);
    this.#lose(undefined);
  }

  /** @param {number} ticket */
  #openGate(ticket) {
    this.tickets.take(ticket)?.open();
  }

  // Actors.

  /** @param {Uint32Array} words @param {number} at @param {number} flags @param {number} handle @param {any} payload */
  #actorEvent(words, at, flags, handle, payload) {
    const kind = words[at + 4];
    if (kind === eventKind.start) {
      this.#start(handle, words[at + 5]);
      return;
    }
    const instance = this.#instances.get(handle);
    const token = words[at + 5];
    if (instance === undefined) {
      this.#undelivered(handle, kind, token);
      return;
    }
    const socket = words[at + 7] * kTwo32 + words[at + 6];
    switch (kind) {
      case eventKind.call:
        this.calls.take(token).deliver(instance);
        this.letGo();
        break;
      case eventKind.task: {
        const task = this.calls.take(token);
        instance.deliverEvent(task);
        break;
      }
      case eventKind.alarm:
        instance.deliverAlarm(words[at + 10] * kTwo32 + words[at + 9], token);
        break;
      case eventKind.socketMessage:
        this.sockets.actorMessage(
          instance,
          socket,
          payload ?? (flags & turnFlag.text ? '' : new ArrayBuffer(0)),
        );
        break;
      case eventKind.socketClose:
        this.sockets.actorClose(
          instance,
          socket,
          words[at + 8],
          payload ?? '',
          (flags & turnFlag.clean) !== 0,
          token,
        );
        break;
      case eventKind.socketError:
        this.sockets.actorError(instance, socket, payload ?? '');
        break;
      case eventKind.evict:
        instance.evict();
        break;
      default:
        throw new Error(`Unknown actor event ${kind} from the core.`);
    }
  }

  /** Its instance was broken in this very turn, by code of another object. @param {number} handle @param {number} kind @param {number} token */
  #undelivered(handle, kind, token) {
    if (kind === eventKind.task) this.calls.take(token);
    if (kind !== eventKind.call) return;
    const { reason, flags } = /** @type {ActorInstance} */ (this.#endedInTurn.get(handle));
    this.letGo();
    this.calls.take(token).reject(resetError(reason, flags));
  }

  /** @param {number} handle @param {number} namespace its index */
  #start(handle, namespace) {
    const facet = this.#facets.get(handle);
    const instance = new ActorInstance(this, handle, this.namespaces[namespace], facet);
    this.#instances.add(instance);
    this.channelOf(handle);
    facet?.awake();
    this.onStart(instance);
    instance.start();
  }

  /**
   * The way to the object's present incarnation.
   * @param {import('./actors/namespace-entry').NamespaceEntry} entry
   * @param {import('./actors/id').DurableObjectId} id
   */
  channelTo(entry, id) {
    const named = namedOf(id);
    if (named?.channel?.isUsable) return named.channel;
    const name = transportableName(nameOf(id));
    const channel = this.channelOf(this.native.openActor(entry.index, id.toString(), name));
    if (named !== undefined) named.channel = channel;
    return channel;
  }

  /** @param {number} handle */
  channelOf(handle) {
    let channel = this.#channels.get(handle);
    if (channel === undefined) {
      channel = new Channel(this, handle);
      this.#channels.add(channel);
    }
    return channel;
  }

  /** A handle that was opened for a facet. @param {import('./actors/facet').Facet} facet @param {number} handle */
  openFacet(facet, handle) {
    this.#facets.set(handle, facet);
    return this.channelOf(handle);
  }

  /** Its instance breaks, or what waits for one is rejected. @param {number} handle @param {unknown} reason */
  breakFacet(handle, reason) {
    const instance = this.#instances.get(handle);
    if (instance !== undefined) {
      instance.break(reason);
      return;
    }
    const flags = this.#facets.get(handle)?.parent.flags;
    if (flags === undefined) return;
    this.#facets.delete(handle);
    this.#channels.get(handle)?.break(reason, flags);
    this.#channels.delete(handle);
    for (const token of this.native.breakActor(handle)) {
      this.letGo();
      this.calls.take(token).reject(resetError(reason, flags));
    }
  }

  /** The handle is stale. @param {number} handle */
  forgetChannel(handle) {
    this.#channels.delete(handle);
    this.#facets.delete(handle);
  }

  /** @param {ActorInstance} instance @param {() => void} fn @param {number} section */
  postTask(instance, fn, section) {
    const token = this.calls.add(fn);
    this.native.postTask(instance.handle, token, section);
    this.wake();
  }

  /**
   * A broken instance leaves. Returns the calls that waited for it.
   * @param {ActorInstance} instance
   * @returns {{reject(error: unknown, wasSent?: boolean): void}[]}
   */
  remove(instance) {
    const { handle } = instance;
    this.#instances.delete(handle);
    this.#facets.delete(handle);
    this.#endedInTurn.set(handle, instance);
    this.#channels.get(handle)?.break(instance.reason, instance.flags);
    this.#channels.delete(handle);
    this.sockets.drop(instance);
    this.#lose(instance);
    const tokens = this.native.breakActor(handle);
    this.touch();
    return tokens.map((/** @type {number} */ token) => this.calls.take(token));
  }

  /** Its successor, of new code, takes its mail and its hibernatable sockets. @param {ActorInstance} instance @returns {[]} */
  replace(instance) {
    const { handle } = instance;
    this.#instances.delete(handle);
    this.#channels.get(handle)?.expire();
    this.#channels.delete(handle);
    this.#lose(instance);
    this.native.restartActor(handle);
    this.touch();
    this.wake();
    return [];
  }

  /** What waits for writes of `instance`, or of those that are gone, is told that they are lost. @param {ActorInstance | undefined} instance */
  #lose(instance) {
    if (instance !== undefined) this.#writers.delete(instance);
    for (const { lost } of this.tickets.takeOf(instance)) lost(instance?.reason);
  }

  /** Ends a turn that Node started, outside of any other. */
  commitNow() {
    this.#endTurn();
  }

  /** Every object runs new code from its next incarnation on, which comes within `graceMs`. @param {number} graceMs */
  retireAll(graceMs) {
    for (const instance of this.#instances.values()) {
      if (instance.facet === undefined) instance.retire(graceMs); // facets go with their objects
    }
    this.sockets.retireWorkers();
  }

  /** @param {ActorInstance} root @returns {ActorInstance[]} */
  facetsOf(root) {
    return this.#instances.values().filter((instance) => {
      let at = instance;
      while (at.facet !== undefined) at = at.facet.parent;
      return at === root && instance !== root;
    });
  }

  /** @param {ActorInstance} instance */
  removeEvicted(instance) {
    this.#instances.delete(instance.handle);
    this.#facets.delete(instance.handle);
    this.#channels.get(instance.handle)?.expire();
    this.#channels.delete(instance.handle);
    this.#writers.delete(instance);
    this.sockets.hibernate(instance);
    this.native.evicted(instance.handle);
    this.memory.released();
  }

  /** @param {number} handle */
  instanceOf(handle) {
    return this.#instances.get(handle);
  }

  // For lib/testing.

  /** All that are live. @returns {ActorInstance[]} */
  instances() {
    return this.#instances.values();
  }

  /**
   * Objects begin anew: what is under way rejects, sockets are cut, what has no instance forgets its mail.
   * @param {unknown} reason
   * @param {object} how
   * @param {(namespace: number) => boolean} how.of whose
   * @param {'break' | 'expire'} how.stubs what becomes of those that were used: they are broken for good (S1.9.4), or find the next
   *   incarnation
   */
  discard(reason, { of, stubs }) {
    const { native } = this;
    /** @type {number[]} */
    const handles = native.actors();
    const actors = handles.flatMap((handle) => {
      const [namespace, hex] = native.actorId(handle);
      return of(namespace) ? [{ handle, namespace, hex }] : [];
    });
    if (stubs === 'expire') for (const { handle } of actors) this.#channels.get(handle)?.expire();
    for (const { handle } of actors) this.#instances.get(handle)?.break(reason);
    // Whatever is left sleeps, or waits for its first instance.
    for (const { handle, namespace, hex } of actors) {
      if (native.actorId(handle) === undefined) continue;
      const { flags } = this.namespaces[namespace];
      this.#channels.get(handle)?.break(reason, flags);
      this.forgetChannel(handle);
      this.sockets.forgetSleeping(`${namespace}:${hex}`);
      for (const token of native.breakActor(handle)) {
        this.letGo();
        this.calls.take(token).reject(resetError(reason, flags));
      }
    }
    this.touch();
  }

  // Alarms.

  /**
   * The run of its alarm is over, and with it the event when the instance is live.
   * @param {ActorInstance} instance
   * @param {keyof typeof alarmOutcome} outcome
   * @param {number | null} storedAt
   * @returns {string} verdict
   */
  alarmOver(instance, outcome, storedAt) {
    if (this.#closed) return 'done';
    const verdict = instance.isLive
      ? this.native.alarmOver(instance.handle, alarmOutcome[outcome], storedAt)
      : this.native.alarmCompleted(
          instance.namespace.index,
          instance.id.toString(),
          alarmOutcome[outcome],
          storedAt,
        );
    this.wake();
    return verdictNames[verdict];
  }

  /**
   * An abandoned alarm leaves the object's store, too (S5.4.3), unless an event before this one has replaced it. No instance is made for
   * it.
   * @param {ActorInstance} instance maybe gone
   * @param {number | null} storedAt the abandoned one; null: it never was in the store
   */
  dropAlarm(instance, storedAt) {
    if (this.#closed || storedAt === null) return;
    if (instance.isLive) {
      instance.postTask(() => {
        if (instance.store.storedAlarm() === storedAt) instance.store.deleteAlarm();
      }, 0);
      return;
    }
    try {
      this.native.dropAlarm(instance.namespace.index, instance.id.toString(), storedAt);
    } catch (error) {
      reportError(error);
    }
    this.touch();
  }
}

/** S1.2.4: a name of more than 1024 bytes is not transported. @param {string | undefined} name */
function transportableName(name) {
  if (name === undefined || name.length <= 341) return name;
  return Buffer.byteLength(name) <= 1024 ? name : undefined;
}

module.exports = { Shard };
