'use strict';
// AwakeSocket: the JavaScript end of a native socket, while it has one, and what its owner's handlers do with its events.
//
// One object for each socket that is awake, and no closures: opening many sockets at once must not fill the heap (S6.12; it is the Sink
// of lib/web/sockets/socket-end.js). It is gone when its object is evicted.
//
// Thread: the shard's. Owner: SocketHub.

/**
 * @typedef {import('../actors/instance').ActorInstance} ActorInstance
 * @typedef {import('./socket-hub').SocketHub} SocketHub
 */

class AwakeSocket {
  hub;
  handle;
  /** @type {any} a SocketEnd; null: an outgoing connection that is passed through */
  end;
  /** @type {any} what network events go to: a Link of web/socket-host.js, most often the end itself */
  link;
  /** @type {ActorInstance | undefined} */
  owner;
  /** It keeps its owner's instance (S2.3.2). */
  isHeld = false;
  /** Its other end is in this process. */
  isLocal;
  /** Its last automatic answer, when its other end is in this process (ms); 0: none. */
  answeredAt = 0;
  /** @type {unknown} of the handler that ran last */
  result = undefined;
  /** @type {import('../open-work').Work | undefined} */
  work = undefined;

  /**
   * @param {SocketHub} hub
   * @param {number} handle
   * @param {any} end
   * @param {ActorInstance | undefined} owner
   * @param {boolean} isLocal
   */
  constructor(hub, handle, end, owner, isLocal) {
    this.hub = hub;
    this.handle = handle;
    this.end = end;
    this.link = end;
    this.owner = owner;
    this.isLocal = isLocal;
  }

  /** A hibernated socket got this end. @param {any} end */
  joins(end) {
    this.end = this.link = end;
    end.awake = this;
  }

  // A Sink: class handlers in place of listeners (S6.12).

  /** @param {any} ws @param {any} data */
  message(ws, data) {
    if (this.isLocal && this.hub.answers(this, data)) return;
    const handler = this.#handler('webSocketMessage');
    if (handler) this.result = handler.call(this.owner?.object, ws, data);
  }

  /** @param {any} ws @param {number} code @param {string} reason @param {boolean} wasClean */
  close(ws, code, reason, wasClean) {
    const handler = this.#handler('webSocketClose');
    try {
      if (handler) this.result = handler.call(this.owner?.object, ws, code, reason, wasClean);
    } finally {
      this.hub.afterLast(this);
    }
  }

  /** @param {any} ws @param {unknown} error */
  error(ws, error) {
    const handler = this.#handler('webSocketError');
    try {
      if (handler) this.result = handler.call(this.owner?.object, ws, error);
    } finally {
      this.hub.afterLast(this);
    }
  }

  /** @param {any} _ws @param {Uint8Array} bytes */
  attachment(_ws, bytes) {
    this.hub.keepAttachment(this, bytes);
  }

  /** @param {string} name */
  #handler(name) {
    return this.hub.has(this) ? this.owner?.handler(name) : undefined;
  }
}

module.exports = { AwakeSocket };
