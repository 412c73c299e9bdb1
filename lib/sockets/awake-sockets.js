'use strict';
// AwakeSockets: the sockets of this environment that have a JavaScript end, and what becomes of them when their object's instance, or
// their Worker's code, goes (spec S6.11, S6.15).

const web = require('../web/internal');
const { endOf } = require('../web/sockets/web-socket');
const { AwakeSocket } = require('./awake-socket');
const { EventTimeouts } = require('./event-timeouts');
const { NativePort } = require('./native-port');
const { SendRun } = require('./send-run');
const { openWork } = require('../open-work');

const kServiceRestart = 1012; // close code: connect again (IANA registry of RFC 6455)
const kOpen = 0; // SocketPhase of the core

/** @typedef {import('../actors/instance').ActorInstance} ActorInstance */

class AwakeSockets {
  /** @type {Map<number, AwakeSocket>} by handle */
  entries = new Map();
  timeouts = new EventTimeouts();

  /** @param {import('../shard').Shard} shard */
  constructor(shard) {
    this.shard = shard;
    this.sends = new SendRun(shard);
  }

  get native() {
    return this.shard.native;
  }

  /** What the entries give their events to. @returns {import('./socket-hub').SocketHub} */
  get #asHub() {
    return /** @type {any} */ (this);
  }

  /** @param {AwakeSocket} entry */
  has(entry) {
    return this.entries.get(entry.handle) === entry;
  }

  /** @param {number} handle @param {any} end @param {ActorInstance | undefined} owner @param {boolean} isLocal */
  add(handle, end, owner, isLocal) {
    const entry = new AwakeSocket(this.#asHub, handle, end, owner, isLocal);
    entry.work = owner && openWork.begin?.('a WebSocket of an object');
    this.entries.set(handle, entry);
    if (end !== null) end.awake = entry;
    if (owner !== undefined) (owner.sockets ??= new Set()).add(handle);
    return entry;
  }

  /** The end of an object's socket, made again when it slept.
   * @param {ActorInstance} instance @param {number} handle @returns {AwakeSocket} */
  awake(instance, handle) {
    const known = this.entries.get(handle);
    if (known !== undefined) {
      this.#own(handle, known, instance);
      return known;
    }
    const closeSent = this.native.socketPhase(handle) !== kOpen;
    const entry = this.add(handle, null, instance, false);
    const ws = web.webSocketFromHibernation({
      port: new NativePort(this.shard, this.sends, handle),
      sink: entry,
      attachmentBytes: this.native.socketAttachment(handle) ?? null,
      readyState: closeSent ? 2 : 1,
      closeSent,
    });
    entry.joins(endOf(ws));
    return entry;
  }

  /** @param {number} handle @param {AwakeSocket} entry @param {ActorInstance} instance */
  #own(handle, entry, instance) {
    if (entry.owner === instance) return;
    entry.owner = instance;
    (instance.sockets ??= new Set()).add(handle);
  }

  /** @param {number} handle @param {AwakeSocket} entry */
  #remove(handle, entry) {
    this.entries.delete(handle);
    entry.work?.end();
  }

  /** @param {number} handle @param {AwakeSocket} entry */
  discard(handle, entry) {
    this.#remove(handle, entry);
    const { owner } = entry;
    owner?.sockets?.delete(handle);
    if (entry.isHeld && owner?.isLive) this.native.release(owner.handle);
    entry.isHeld = false;
  }

  // The object's instance comes and goes.

  /** It is evicted: its ends go, but for those whose other end lives here. @param {ActorInstance} instance */
  hibernate(instance) {
    const hasTimeouts = !this.timeouts.isEmpty;
    if (hasTimeouts && this.native.socketsOf(instance.handle, undefined).length === 0) {
      this.timeouts.forget(instance.key); // it goes with the last socket
    }
    const sockets = instance.sockets ?? [];
    this.shard.memory.sleeping(instance.sockets?.size ?? 0);
    for (const handle of sockets) {
      const entry = this.entries.get(handle);
      if (entry === undefined) continue;
      if (entry.isLocal) web.sleepWebSocket(entry.end.ws);
      else this.#remove(handle, entry);
    }
  }

  /**
   * The next incarnation gets its hibernatable sockets. Standard ones live in the memory of this one; those of facets have nobody who
   * would wake their object.
   * @param {ActorInstance} root
   * @param {'restart' | 'cut'} how they end: with a Close frame that invites to connect again, or without any
   */
  retire(root, how) {
    for (const instance of [root, ...this.shard.actors.facetsOf(root)]) {
      for (const handle of instance.sockets ?? []) {
        const entry = this.entries.get(handle);
        if (entry === undefined) continue;
        if (entry.end.stage !== 'hibernatable' || instance !== root) {
          this.#dismiss(handle, entry, how);
        } else if (entry.isLocal) web.sleepWebSocket(entry.end.ws);
        else this.#remove(handle, entry);
      }
    }
  }

  /** The code of the Worker was replaced: sockets that it accepted are closed; those it passes on live in no code. */
  retireWorkers() {
    for (const [handle, entry] of this.entries) {
      if (entry.owner === undefined && entry.end !== null) this.#dismiss(handle, entry, 'restart');
    }
  }

  /** @param {number} handle @param {AwakeSocket} entry @param {'restart' | 'cut'} how */
  #dismiss(handle, entry, how) {
    if (entry.isLocal) entry.end.cut();
    entry.end.broken = true;
    entry.end.tellOver();
    this.discard(handle, entry);
    if (how === 'restart') {
      this.native.socketDismiss(handle, kServiceRestart);
    } else {
      this.native.socketTerminate(handle, false);
      this.native.socketForget(handle);
    }
    this.shard.touch();
  }

  /** For lib/testing: its hibernatable sockets are cut. @param {ActorInstance} instance */
  cut(instance) {
    for (const handle of this.native.socketsOf(instance.handle, undefined)) {
      const entry = this.entries.get(handle);
      if (entry !== undefined) {
        this.discard(handle, entry);
        web.killWebSocket(entry.end.ws);
      }
      this.native.socketTerminate(handle, false);
      this.native.socketForget(handle);
    }
    this.shard.touch();
  }

  /** For lib/testing: an object that sleeps is discarded. The core cuts the connections. @param {string} key of the object */
  forgetSleeping(key) {
    this.timeouts.forget(key);
    for (const [handle, entry] of this.entries) {
      if (entry.owner === undefined || entry.owner.key !== key) continue;
      this.#remove(handle, entry);
      web.killWebSocket(entry.end.ws);
    }
  }

  /** It broke: its sockets are cut (S6.15). The core cuts the connections. @param {ActorInstance} instance */
  drop(instance) {
    if (!this.timeouts.isEmpty) this.timeouts.forget(instance.key);
    for (const handle of instance.sockets ?? []) {
      const entry = this.entries.get(handle);
      if (entry === undefined) continue;
      this.#remove(handle, entry);
      web.killWebSocket(entry.end.ws);
    }
  }
}

module.exports = { AwakeSockets };
