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
const { ActorDirectory } = require('./actors/actor-directory');
const { Progress } = require('./actors/progress');
const { commitError, resetError } = require('./rpc/reset-error');
const { Slots } = require('./slots');
const { Tickets } = require('./tickets');
const { OpenCursors } = require('./storage/open-cursors');
const { RowCells } = require('./storage/row-cells');
const { SocketHub } = require('./sockets/socket-hub');
const { IdleMemory } = require('./idle-memory');
const { Outbox } = require('./mail/outbox');
const { HangWatch } = require('./workers/hang-watch');
const { reportError } = require('./report-error');

/** @typedef {import('./actors/instance').ActorInstance} ActorInstance */

const kTwo32 = 4294967296;
const verdictNames = Object.fromEntries(
  Object.entries(alarmVerdict).map(([name, value]) => [value, name]),
);

class Shard {
  /** @type {Uint32Array} */
  #words = new Uint32Array(0);
  #turnEndArmed = false;
  /** @type {(() => void)[]} */
  #resting = [];
  /** Names the turn that runs: its number, which ends of turns that Node started count, too. */
  turn = 1;
  /** @type {Set<ActorInstance>} that have written and may have to wait for it */
  #writers = new Set();
  #closed = false;
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
      onRest: () => this.#rest(),
      onWords: (/** @type {Uint32Array} */ words) => {
        this.#words = words;
      },
    });
    /** @type {Uint32Array} first 1 while a turn of the core runs, then 1 when it shall call onRest() before the turn ends */
    this.state = this.native.state;
    /** @type {import('./actors/namespace-entry').NamespaceEntry[]} by index */
    this.namespaces = [];
    /** Those whose code runs now, by name. @type {Map<string, import('./workers/worker').Worker>} */
    this.workers = new Map();
    /** @type {Slots<any>} calls and tasks on their way, by token */
    this.calls = new Slots();
    this.tickets = new Tickets();
    this.actors = new ActorDirectory(this);
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
    /** Where mail leaves. */
    this.outbox = new Outbox({});
    /** @type {() => void} */
    this.onDrained = () => {};
    /** @type {(message: string) => void} */
    this.onFlushFailed = () => {};
    /** @type {(instance: ActorInstance) => void} an instance is about to be constructed; for lib/testing */
    this.onStart = () => {};
  }

  /** @param {import('./workers/worker').Worker[]} workers whose code runs from now on */
  setWorkers(workers) {
    this.workers = new Map(workers.map((worker) => [worker.name, worker]));
  }

  // Turns.

  /** Something was written or sent: the turn must be ended. */
  touch() {
    if (this.isInTurn || this.#turnEndArmed) return;
    this.#turnEndArmed = true;
    queueMicrotask(() => process.nextTick(() => this.#endTurn()));
  }

  /** The core started the turn that runs. */
  get isInTurn() {
    return this.state[0] === 1;
  }

  /** Runs `fn` when the code that runs now has come to rest, its microtasks too, before the turn ends. @param {() => void} fn */
  whenRested(fn) {
    this.#resting.push(fn);
    if (this.isInTurn) this.state[1] = 1;
    else this.touch();
  }

  #rest() {
    const resting = this.#resting;
    this.#resting = [];
    for (const fn of resting) {
      try {
        fn();
      } catch (error) {
        reportError(error);
      }
    }
  }

  /** @param {ActorInstance} instance it has written */
  wrote(instance) {
    this.#writers.add(instance);
    instance.progress ??= new Progress();
    instance.progress.wrote(this.turn);
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
    if (!this.isInTurn) this.native.ring();
  }

  #endTurn() {
    this.#turnEndArmed = false;
    if (this.#resting.length > 0) this.#rest();
    this.turn += 1;
    this.commitNow();
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

  /** Writes are refused until there is space. */
  get isDiskFull() {
    return this.native.metrics()?.diskFull === 1;
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

  get isClosed() {
    return this.#closed;
  }

  async close() {
    if (this.#closed) return;
    const error = new Error('The runtime is closed.');
    this.actors.breakAll(error);
    this.lose(undefined);
    this.native.endTurn();
    this.#closed = true;
    this.memory.close();
    this.hangs.close();
    await this.native.close();
  }

  /** @param {number} count @param {string} text @param {any[]} payloads */
  #turn(count, text, payloads) {
    const words = this.#words;
    this.turn += 1;
    this.memory.turn();
    this.actors.beginTurn();
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
          endOf(flags, words[at + 4], payload),
          (flags & turnFlag.last) !== 0,
        );
        this.memory.released();
        break;
      case turnKind.gateOpened:
        this.#openGate(words[at + 5] * kTwo32 + words[at + 4]);
        break;
      case turnKind.commitFailed:
        this.actors.instanceOf(handle)?.break(commitError(payload));
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
    this.actors.breakLive(error);
    this.lose(undefined);
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
      this.actors.start(handle, words[at + 5]);
      return;
    }
    const instance = this.actors.instanceOf(handle);
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
          endOf(flags, words[at + 8], payload ?? ''),
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
    const { reason, flags } = this.actors.endedInTurn(handle);
    this.letGo();
    this.calls.take(token).reject(resetError(reason, flags));
  }

  /** @param {ActorInstance} instance @param {() => void} fn @param {number} section */
  postTask(instance, fn, section) {
    const token = this.calls.add(fn);
    this.native.postTask(instance.handle, token, section);
    this.wake();
  }

  /** What waits for writes of `instance`, or of those that are gone, is told that they are lost. @param {ActorInstance | undefined} instance */
  lose(instance) {
    if (instance !== undefined) this.#writers.delete(instance);
    for (const { lost } of this.tickets.takeOf(instance)) lost(instance?.reason);
  }

  /** What was written until now is kept, whatever the rest of the turn does. Where nothing of JavaScript is under way. */
  commitNow() {
    if (!this.#closed) this.native.endTurn();
  }

  /** It left, idle; its hibernatable sockets stay. @param {ActorInstance} instance */
  evicted(instance) {
    this.#writers.delete(instance);
    this.sockets.hibernate(instance);
    this.native.evicted(instance.handle);
    this.memory.released();
  }

  /**
   * The objects of `entries` run new code from their next incarnations on, which come within `graceMs`.
   * @param {Set<import('./actors/namespace-entry').NamespaceEntry>} entries
   * @param {number} graceMs
   */
  retire(entries, graceMs) {
    this.actors.retire(entries, graceMs);
    this.sockets.retireWorkers();
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

/** @param {number} flags @param {number} code @param {string} reason @returns {import('./web/sockets/socket-end').ConnectionEnd} */
const endOf = (flags, code, reason) => ({
  code,
  reason,
  wasClean: (flags & turnFlag.clean) !== 0,
  isFinished: (flags & turnFlag.finished) !== 0,
});

module.exports = { Shard };
