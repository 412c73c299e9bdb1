'use strict';
// SocketHub: WebSocket objects of this environment and the native sockets behind them (spec S6).
//
// A native socket (a handle) stands for the near end: the object's, or the Worker's. Its JavaScript end exists while the object is
// awake; a hibernated socket has none and gets a new one with its next event (S6.11.6). The network is its other side once
// upgrade() has bound it; else the other end is a WebSocket of this process, whose messages come as events of the object, too.

const web = require('../web/internal');
const { endOf } = require('../web/sockets/web-socket');
const { AwakeSocket } = require('./awake-socket');
const { NativePort } = require('./native-port');
const { SendRun } = require('./send-run');
const { openWork } = require('../open-work');
const { time } = require('../time');

const kEventTimeoutMsMax = 604_800_000;
const kServiceRestart = 1012; // close code: connect again (IANA registry of RFC 6455)
const kOver = 1; // SocketCloseToken of the host: nothing more comes
const kOpen = 0; // SocketPhase of the core

/** @typedef {import('../actors/instance').ActorInstance} ActorInstance */

class SocketHub {
  #shard;
  #sends;
  /** @type {Map<number, AwakeSocket>} by handle */
  #entries = new Map();
  /** @type {Map<string, number>} object -> event timeout, ms (S6.14) */
  #timeouts = new Map();

  /** @param {import('../shard').Shard} shard */
  constructor(shard) {
    this.#shard = shard;
    this.#sends = new SendRun(shard);
  }

  get #native() {
    return this.#shard.native;
  }

  // ctx.

  /** S6.10 @param {ActorInstance} instance @param {any} ws @param {unknown} tags */
  accept(instance, ws, tags) {
    if (!web.isWebSocket(ws)) {
      throw new TypeError(
        "Failed to execute 'acceptWebSocket' on 'DurableObjectState': parameter 1 is not of type 'WebSocket'.",
      );
    }
    const list = toTags(tags);
    web.checkHibernatable(ws);
    const handle = this.#native.socketOpen();
    try {
      this.#native.socketAccept(handle, instance.handle, true, list);
    } catch (error) {
      this.#native.socketForget(handle);
      throw error;
    }
    const end = endOf(ws);
    if (end.attachment !== null) this.#native.setSocketAttachment(handle, end.attachment);
    const entry = this.#add(handle, end, instance, true);
    // Only its parent starts a facet, so its sockets keep it awake.
    if (instance.facet !== undefined) {
      instance.hold();
      entry.isHeld = true;
    }
    web.prepareHibernation(ws, entry, this.#waker(instance, handle));
  }

  /** @param {number} handle @param {any} end @param {ActorInstance | undefined} owner @param {boolean} isLocal */
  #add(handle, end, owner, isLocal) {
    const entry = new AwakeSocket(this, handle, end, owner, isLocal);
    entry.work = owner && openWork.begin?.('a WebSocket of an object');
    this.#entries.set(handle, entry);
    if (end !== null) end.awake = entry;
    if (owner !== undefined) (owner.sockets ??= new Set()).add(handle);
    return entry;
  }

  // For AwakeSocket.

  /** @param {AwakeSocket} entry */
  has(entry) {
    return this.#entries.get(entry.handle) === entry;
  }

  /** @param {AwakeSocket} entry @param {Uint8Array} bytes */
  keepAttachment(entry, bytes) {
    if (this.has(entry)) this.#native.setSocketAttachment(entry.handle, bytes);
  }

  /**
   * S6.13.3 for a socket whose other end is in this process. The network answers for the others, while the object sleeps; this one
   * was woken by the message.
   * @param {AwakeSocket} entry @param {unknown} data @returns {boolean} it was answered
   */
  answers(entry, data) {
    if (typeof data !== 'string' || entry.owner === undefined) return false;
    const pair = this.#native.autoResponse(entry.owner.handle);
    if (pair === undefined || pair[0] !== data) return false;
    entry.answeredAt = time.now();
    if (!entry.end.closeSent) entry.end.port?.send(pair[1]);
    return true;
  }

  /** S6.11.1: the socket leaves getWebSockets() once its last handler is over. @param {AwakeSocket} entry */
  afterLast(entry) {
    if (!this.has(entry)) return;
    entry.end.tags = this.#native.socketTags(entry.handle); // getTags() still knows them
    const forget = () => {
      this.#native.socketForget(entry.handle);
      this.#drop(entry.handle, entry);
      // Nobody answered the peer, which still hears of it when the object breaks.
      if (entry.isLocal && !entry.end.isOver) entry.owner?.tie(() => entry.end.cut());
    };
    if (isThenable(entry.result)) entry.result = Promise.resolve(entry.result).finally(forget);
    else forget();
  }

  /**
   * Runs what a local peer sent as an event of the object, which may have to wake.
   * @param {ActorInstance} instance
   * @param {number} handle
   */
  #waker({ namespace, id, facet }, handle) {
    return (/** @type {() => void} */ fn) => {
      const target = facet ?? this.#shard.actors.channelTo(namespace, id);
      target.send({
        deliver: (awake) => {
          const entry = this.#entries.get(handle);
          if (entry === undefined) awake.deliverEvent(() => {});
          else this.#run(awake, entry, fn);
        },
        reject: () => {},
      });
    };
  }

  /** S6.11.1 @param {ActorInstance} instance @param {string | undefined} tag @returns {any[]} */
  list(instance, tag) {
    /** @type {Float64Array} */
    const handles = this.#native.socketsOf(instance.handle, tag);
    const found = [];
    for (const handle of handles) found.push(this.#awake(instance, handle).end.ws);
    return found;
  }

  /** The end of an object's socket, made again when it slept.
   * @param {ActorInstance} instance @param {number} handle @returns {AwakeSocket} */
  #awake(instance, handle) {
    const known = this.#entries.get(handle);
    if (known !== undefined) {
      this.#own(handle, known, instance);
      return known;
    }
    const closeSent = this.#native.socketPhase(handle) !== kOpen;
    const entry = this.#add(handle, null, instance, false);
    const ws = web.webSocketFromHibernation({
      port: new NativePort(this.#shard, this.#sends, handle),
      sink: entry,
      attachmentBytes: this.#native.socketAttachment(handle) ?? null,
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

  /** S6.11.3 @param {any} ws @returns {string[]} */
  tagsOf(ws) {
    if (!web.isWebSocket(ws)) {
      throw new TypeError(
        "Failed to execute 'getTags' on 'DurableObjectState': parameter 1 is not of type 'WebSocket'.",
      );
    }
    const handle = this.#handleOf(ws);
    const end = endOf(ws);
    const tags = (handle === undefined ? undefined : this.#native.socketTags(handle)) ?? end.tags;
    if (tags !== undefined && !end.isReleased) return tags;
    const isOpenedClient = end.stage === 'client' && !end.connecting;
    if ((end.stage === 'standard' || isOpenedClient) && !end.isReleased) {
      throw new Error('only hibernatable websockets can have tags.');
    }
    throw new Error(
      "you must call 'acceptWebSocket()' before attempting to access the tags of a WebSocket.",
    );
  }

  /** @param {any} ws @returns {number | undefined} */
  #handleOf(ws) {
    return web.isWebSocket(ws) ? this.#handleOfEnd(endOf(ws)) : undefined;
  }

  /** @param {any} end @returns {number | undefined} */
  #handleOfEnd({ awake }) {
    return awake?.hub === this ? awake.handle : undefined;
  }

  /** S6.13.1 @param {ActorInstance} instance @param {any} pair */
  setAutoResponse(instance, pair) {
    if (pair === undefined || pair === null) {
      this.#native.setAutoResponse(instance.handle, undefined, undefined);
    } else if (pair instanceof web.WebSocketRequestResponsePair) {
      this.#native.setAutoResponse(instance.handle, pair.request, pair.response);
    } else {
      throw new TypeError(
        "Failed to execute 'setWebSocketAutoResponse' on 'DurableObjectState': parameter 1 is not of type 'WebSocketRequestResponsePair'.",
      );
    }
    this.#shard.touch();
  }

  /** @param {ActorInstance} instance */
  autoResponse(instance) {
    const pair = this.#native.autoResponse(instance.handle);
    return pair === undefined ? null : new web.WebSocketRequestResponsePair(pair[0], pair[1]);
  }

  /** S6.13.4 @param {any} ws @returns {Date | null} */
  autoResponseTimestamp(ws) {
    const handle = this.#handleOf(ws);
    if (handle === undefined) return null;
    const ms = this.#entries.get(handle)?.answeredAt || this.#native.autoResponseTimestamp(handle);
    return ms === 0 ? null : new Date(ms);
  }

  /** S6.14.1 @param {ActorInstance} instance @param {number | undefined} ms */
  setEventTimeout(instance, ms) {
    const value = ms === undefined || ms === null ? 0 : Math.trunc(Number(ms));
    if (!(value >= 0 && value <= kEventTimeoutMsMax)) {
      throw new Error(`Event timeout should not exceed ${kEventTimeoutMsMax} ms.`);
    }
    if (value === 0) this.#timeouts.delete(keyOf(instance));
    else this.#timeouts.set(keyOf(instance), value);
  }

  /** @param {ActorInstance} instance @returns {number | null} */
  eventTimeout(instance) {
    return this.#timeouts.get(keyOf(instance)) ?? null;
  }

  // The network.

  /**
   * An object returned a Response with this WebSocket: its other end is the object's, unless the Response is another one's that it
   * passes on.
   * @param {ActorInstance} instance @param {any} ws
   */
  claim(instance, ws) {
    const { peer: near, wasPassedOn } = endOf(ws);
    if (near !== null && !wasPassedOn) near.claimant = instance;
  }

  /**
   * The Worker answered an opening handshake with `ws`: the connection becomes what was on the other side of it.
   * @param {number} request
   * @param {any} ws
   * @param {string} headersText
   * @throws {TypeError} S6.2.5
   */
  upgrade(request, ws, headersText) {
    web.checkReturnable(ws);
    const near = endOf(ws).peer;
    const handle = (near && this.#handleOfEnd(near)) ?? this.#openFor(near);
    this.#native.socketBind(handle, request, headersText);
    const link = web.couple(ws, new NativePort(this.#shard, this.#sends, handle));
    const entry = this.#entries.get(handle) ?? this.#add(handle, null, undefined, false);
    entry.isLocal = false;
    entry.link = link;
    this.#shard.touch();
  }

  /** @param {any} near the end of an object or a Worker; null: an outgoing connection passed through @returns {number} */
  #openFor(near) {
    const handle = this.#native.socketOpen();
    if (near === null) return handle;
    const { claimant } = near;
    const owner = claimant?.shard === this.#shard && claimant.isLive ? claimant : undefined;
    const entry = this.#add(handle, near, owner, false);
    if (owner !== undefined) {
      this.#native.socketAccept(handle, owner.handle, false, []);
      this.#native.hold(owner.handle);
      entry.isHeld = true;
    }
    return handle;
  }

  /** A message for a Worker's socket. @param {number} handle @param {string | ArrayBuffer | undefined} payload */
  message(handle, payload) {
    this.#entries.get(handle)?.link.message(toData(payload));
  }

  /** @param {number} handle @param {number} code @param {string} reason @param {boolean} clean @param {boolean} last */
  ended(handle, code, reason, clean, last) {
    const entry = this.#entries.get(handle);
    if (entry === undefined) return;
    if (!last) {
      entry.link.peerClose(code, reason);
      return;
    }
    entry.link.closed(code, reason, clean);
    this.#native.socketForget(handle);
    this.#drop(handle, entry);
  }

  // Events of objects, by way of their mailboxes.

  /** @param {ActorInstance} instance @param {number} handle @param {string | ArrayBuffer} payload */
  actorMessage(instance, handle, payload) {
    const entry = this.#awake(instance, handle);
    this.#run(instance, entry, applyMessage, payload);
  }

  /** @param {ActorInstance} instance @param {number} handle @param {number} code @param {string} reason @param {boolean} clean @param {number} token */
  actorClose(instance, handle, code, reason, clean, token) {
    const entry = this.#awake(instance, handle);
    this.#run(instance, entry, () => {
      if (token === kOver) entry.link.closed(code, reason, clean);
      else entry.link.peerClose(code, reason);
      if (token === kOver && entry.end.stage !== 'hibernatable') {
        this.#native.socketForget(handle);
        this.#drop(handle, entry);
        entry.end.deliver(() => {}); // what its accept() holds looks whether it is over with each event
      }
    });
  }

  /** @param {ActorInstance} instance @param {number} handle @param {string} message */
  actorError(instance, handle, message) {
    const entry = this.#awake(instance, handle);
    this.#run(instance, entry, () => web.portError(entry.end.ws, new Error(message)));
  }

  /**
   * @template Given
   * @param {ActorInstance} instance
   * @param {AwakeSocket} entry
   * @param {(entry: AwakeSocket, given: Given) => void} apply
   * @param {Given} [given]
   */
  #run(instance, entry, apply, given) {
    entry.owner = instance;
    // Most objects have none, and no key before somebody asks for it.
    const timeoutMs = this.#timeouts.size === 0 ? undefined : this.#timeouts.get(keyOf(instance));
    instance.deliverEvent(() => {
      entry.result = undefined;
      apply(entry, /** @type {Given} */ (given));
      const { result } = entry;
      entry.result = undefined;
      return timeoutMs !== undefined && isThenable(result)
        ? withinTime(instance, timeoutMs, /** @type {PromiseLike<unknown>} */ (result))
        : result;
    });
  }

  /** @param {number} handle @param {AwakeSocket} entry */
  #remove(handle, entry) {
    this.#entries.delete(handle);
    entry.work?.end();
  }

  /** @param {number} handle @param {AwakeSocket} entry */
  #drop(handle, entry) {
    this.#remove(handle, entry);
    const { owner } = entry;
    owner?.sockets?.delete(handle);
    if (entry.isHeld && owner?.isLive) this.#native.release(owner.handle);
    entry.isHeld = false;
  }

  // The object's instance comes and goes.

  /** It is evicted: its ends go, but for those whose other end lives here. @param {ActorInstance} instance */
  hibernate(instance) {
    const { handle: actor } = instance;
    const hasTimeouts = this.#timeouts.size > 0;
    if (hasTimeouts && this.#native.socketsOf(actor, undefined).length === 0) {
      this.#timeouts.delete(keyOf(instance)); // it goes with the last socket
    }
    const sockets = instance.sockets ?? [];
    this.#shard.memory.sleeping(instance.sockets?.size ?? 0);
    for (const handle of sockets) {
      const entry = this.#entries.get(handle);
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
    for (const instance of [root, ...this.#shard.actors.facetsOf(root)]) {
      for (const handle of instance.sockets ?? []) {
        const entry = this.#entries.get(handle);
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
    for (const [handle, entry] of this.#entries) {
      if (entry.owner === undefined && entry.end !== null) this.#dismiss(handle, entry, 'restart');
    }
  }

  /** @param {number} handle @param {AwakeSocket} entry @param {'restart' | 'cut'} how */
  #dismiss(handle, entry, how) {
    if (entry.isLocal) entry.end.cut();
    entry.end.broken = true;
    this.#drop(handle, entry);
    if (how === 'restart') {
      this.#native.socketDismiss(handle, kServiceRestart);
    } else {
      this.#native.socketTerminate(handle, false);
      this.#native.socketForget(handle);
    }
    this.#shard.touch();
  }

  /** For lib/testing: its hibernatable sockets are cut. @param {ActorInstance} instance */
  cut(instance) {
    for (const handle of this.#native.socketsOf(instance.handle, undefined)) {
      const entry = this.#entries.get(handle);
      if (entry !== undefined) {
        this.#drop(handle, entry);
        web.killWebSocket(entry.end.ws);
      }
      this.#native.socketTerminate(handle, false);
      this.#native.socketForget(handle);
    }
    this.#shard.touch();
  }

  /** For lib/testing: an object that sleeps is discarded. The core cuts the connections. @param {string} key of the object */
  forgetSleeping(key) {
    this.#timeouts.delete(key);
    for (const [handle, entry] of this.#entries) {
      if (entry.owner === undefined || keyOf(entry.owner) !== key) continue;
      this.#remove(handle, entry);
      web.killWebSocket(entry.end.ws);
    }
  }

  /** It broke: its sockets are cut (S6.15). The core cuts the connections. @param {ActorInstance} instance */
  drop(instance) {
    if (this.#timeouts.size > 0) this.#timeouts.delete(keyOf(instance));
    for (const handle of instance.sockets ?? []) {
      const entry = this.#entries.get(handle);
      if (entry === undefined) continue;
      this.#remove(handle, entry);
      web.killWebSocket(entry.end.ws);
    }
  }
}

/** @param {any} value */
const isThenable = (value) => typeof value?.then === 'function';

/** S6.14.1 @param {ActorInstance} instance @param {number} ms @param {PromiseLike<unknown>} result of a handler */
function withinTime(instance, ms, result) {
  const timer = time.setLimit(() => instance.overrun(), ms).unref();
  return Promise.resolve(result).finally(() => time.clearTimeout(timer));
}

/** @param {ActorInstance} instance */
const keyOf = (instance) => instance.key;

/** @param {AwakeSocket} entry @param {string | ArrayBuffer} payload */
const applyMessage = (entry, payload) => entry.link.message(toData(payload));

/** @param {string | ArrayBuffer | undefined} payload @returns {string | Uint8Array} */
function toData(payload) {
  if (payload === undefined) return '';
  return typeof payload === 'string' ? payload : new Uint8Array(payload);
}

/** @param {unknown} tags @returns {string[]} */
function toTags(tags) {
  if (tags === undefined || tags === null) return [];
  if (typeof tags !== 'object' || !(Symbol.iterator in tags)) {
    throw new TypeError(
      "Failed to execute 'acceptWebSocket' on 'DurableObjectState': parameter 2 is not of type 'Array'.",
    );
  }
  return Array.from(/** @type {Iterable<unknown>} */ (tags), String);
}

module.exports = { SocketHub };
