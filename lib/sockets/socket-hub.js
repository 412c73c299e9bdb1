'use strict';
// SocketHub: WebSocket objects of this environment and the native sockets behind them (spec S6).
//
// A native socket (a handle) stands for the near end: the object's, or the Worker's. Its JavaScript end exists while the object is
// awake; a hibernated socket has none and gets a new one with its next event (S6.11.6). The network is its other side once
// upgrade() has bound it; else the other end is a WebSocket of this process, whose messages come as events of the object, too.

const web = require('../web/internal');
const { endOf } = require('../web/sockets/web-socket');
const { AwakeSockets } = require('./awake-sockets');
const { withinTime } = require('./event-timeouts');
const { NativePort } = require('./native-port');
const { toTags, withoutTags } = require('./tags');
const { runAs } = require('../current');
const { time } = require('../time');

const kOver = 1; // SocketCloseToken of the host: nothing more comes

/**
 * @typedef {import('../actors/instance').ActorInstance} ActorInstance
 * @typedef {import('./awake-socket').AwakeSocket} AwakeSocket
 * @typedef {import('../web/sockets/socket-end').ConnectionEnd} ConnectionEnd
 */

class SocketHub extends AwakeSockets {
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
    const handle = this.native.socketOpen();
    try {
      this.native.socketAccept(handle, instance.handle, true, list);
    } catch (error) {
      this.native.socketForget(handle);
      throw error;
    }
    const end = endOf(ws);
    if (end.attachment !== null) this.native.setSocketAttachment(handle, end.attachment);
    const entry = this.add(handle, end, instance, true);
    // Only its parent starts a facet, so its sockets keep it awake.
    if (instance.facet !== undefined) {
      instance.hold();
      entry.isHeld = true;
    }
    web.prepareHibernation(ws, entry, this.#waker(instance, handle));
  }

  // For AwakeSocket.

  /** @param {AwakeSocket} entry @param {Uint8Array} bytes */
  keepAttachment(entry, bytes) {
    if (this.has(entry)) this.native.setSocketAttachment(entry.handle, bytes);
  }

  /**
   * S6.13.3 for a socket whose other end is in this process. The network answers for the others, while the object sleeps; this one
   * was woken by the message.
   * @param {AwakeSocket} entry @param {unknown} data @returns {boolean} it was answered
   */
  answers(entry, data) {
    if (typeof data !== 'string' || entry.owner === undefined) return false;
    const pair = this.native.autoResponse(entry.owner.handle);
    if (pair === undefined || pair[0] !== data) return false;
    entry.answeredAt = time.now();
    if (!entry.end.closeSent) entry.end.port?.send(pair[1]);
    return true;
  }

  /** S6.11.1: the socket leaves getWebSockets() once its last handler is over. @param {AwakeSocket} entry */
  afterLast(entry) {
    if (!this.has(entry)) return;
    entry.end.tags = this.native.socketTags(entry.handle); // getTags() still knows them
    const forget = () => {
      this.native.socketForget(entry.handle);
      this.discard(entry.handle, entry);
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
   * @returns {import('../web/settings').Deliver}
   */
  #waker({ namespace, id, facet }, handle) {
    return (fn, arrived) => {
      if (this.shard.isClosed) {
        arrived?.(); // what was on its way when it closed
        return;
      }
      const target = facet ?? this.shard.actors.channelTo(namespace, id);
      target.send({
        deliver: (awake) => {
          const entry = this.entries.get(handle);
          if (entry === undefined) awake.deliverEvent(() => {});
          else this.#run(awake, entry, fn);
        },
        reject: () => {},
      });
      arrived?.();
    };
  }

  /** S6.11.1 @param {ActorInstance} instance @param {string | undefined} tag @returns {any[]} */
  list(instance, tag) {
    /** @type {Float64Array} */
    const handles = this.native.socketsOf(instance.handle, tag);
    const found = [];
    for (const handle of handles) found.push(this.awake(instance, handle).end.ws);
    return found;
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
    const tags = (handle === undefined ? undefined : this.native.socketTags(handle)) ?? end.tags;
    if (tags !== undefined && !end.isReleased) return tags;
    throw withoutTags(end);
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
      this.native.setAutoResponse(instance.handle, undefined, undefined);
    } else if (pair instanceof web.WebSocketRequestResponsePair) {
      this.native.setAutoResponse(instance.handle, pair.request, pair.response);
    } else {
      throw new TypeError(
        "Failed to execute 'setWebSocketAutoResponse' on 'DurableObjectState': parameter 1 is not of type 'WebSocketRequestResponsePair'.",
      );
    }
    this.shard.touch();
  }

  /** @param {ActorInstance} instance */
  autoResponse(instance) {
    const pair = this.native.autoResponse(instance.handle);
    return pair === undefined ? null : new web.WebSocketRequestResponsePair(pair[0], pair[1]);
  }

  /** S6.13.4 @param {any} ws @returns {Date | null} */
  autoResponseTimestamp(ws) {
    const handle = this.#handleOf(ws);
    if (handle === undefined) return null;
    const ms = this.entries.get(handle)?.answeredAt || this.native.autoResponseTimestamp(handle);
    return ms === 0 ? null : new Date(ms);
  }

  /** S6.14.1 @param {ActorInstance} instance @param {number | undefined} ms */
  setEventTimeout(instance, ms) {
    this.timeouts.set(instance, ms);
  }

  /** @param {ActorInstance} instance @returns {number | null} */
  eventTimeout(instance) {
    return this.timeouts.of(instance) ?? null;
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
    this.native.socketBind(handle, request, headersText);
    const link = web.couple(ws, new NativePort(this.shard, this.sends, handle));
    const entry = this.entries.get(handle) ?? this.add(handle, null, undefined, false);
    entry.isLocal = false;
    entry.link = link;
    this.shard.touch();
  }

  /** @param {any} near the end of an object or a Worker; null: an outgoing connection passed through @returns {number} */
  #openFor(near) {
    const handle = this.native.socketOpen();
    if (near === null) return handle;
    const { claimant } = near;
    const owner = claimant?.shard === this.shard && claimant.isLive ? claimant : undefined;
    const entry = this.add(handle, near, owner, false);
    if (owner !== undefined) {
      this.native.socketAccept(handle, owner.handle, false, []);
      this.native.hold(owner.handle);
      entry.isHeld = true;
    }
    return handle;
  }

  /** A message for a Worker's socket. @param {number} handle @param {string | ArrayBuffer | undefined} payload */
  message(handle, payload) {
    const entry = this.entries.get(handle);
    if (entry !== undefined) asOwner(entry, () => entry.link.message(toData(payload)));
  }

  /** @param {number} handle @param {ConnectionEnd} end @param {boolean} last */
  ended(handle, end, last) {
    const entry = this.entries.get(handle);
    if (entry === undefined) return;
    if (!last) {
      asOwner(entry, () => entry.link.peerClose(end.code, end.reason));
      return;
    }
    asOwner(entry, () => entry.link.closed(end));
    this.native.socketForget(handle);
    this.discard(handle, entry);
  }

  // Events of objects, by way of their mailboxes.

  /** @param {ActorInstance} instance @param {number} handle @param {string | ArrayBuffer} payload */
  actorMessage(instance, handle, payload) {
    const entry = this.awake(instance, handle);
    this.#run(instance, entry, applyMessage, payload);
  }

  /** @param {ActorInstance} instance @param {number} handle @param {ConnectionEnd} end @param {number} token */
  actorClose(instance, handle, end, token) {
    const entry = this.awake(instance, handle);
    this.#run(instance, entry, () => {
      if (token === kOver) entry.link.closed(end);
      else entry.link.peerClose(end.code, end.reason);
      if (token === kOver && entry.end.stage !== 'hibernatable') {
        this.native.socketForget(handle);
        this.discard(handle, entry);
        entry.end.deliver(() => {}); // what its accept() holds looks whether it is over with each event
      }
    });
  }

  /** @param {ActorInstance} instance @param {number} handle @param {string} message */
  actorError(instance, handle, message) {
    const entry = this.awake(instance, handle);
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
    const timeoutMs = this.timeouts.of(instance);
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
}

/** @param {any} value */
const isThenable = (value) => typeof value?.then === 'function';

/** Runs an event of a Worker's socket as the code that accepted it. @param {AwakeSocket} entry @param {() => void} run */
const asOwner = ({ end }, run) => runAs(end?.owner, run);

/** @param {AwakeSocket} entry @param {string | ArrayBuffer} payload */
const applyMessage = (entry, payload) => entry.link.message(toData(payload));

/** @param {string | ArrayBuffer | undefined} payload @returns {string | Uint8Array} */
function toData(payload) {
  if (payload === undefined) return '';
  return typeof payload === 'string' ? payload : new Uint8Array(payload);
}

module.exports = { SocketHub };
