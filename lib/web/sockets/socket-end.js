// SocketEnd: the protocol state of one end of a WebSocket: what it may send, what has arrived, how it closes (S6.3-S6.7).
//
// A WebSocket object is a face on an end; an end may get a new face after hibernation. What the end sends goes to its
// *port*: the other end of a pair in this process (LocalPort), a connection of the native server, or an outgoing
// connection. What arrives waits in the inbox until the end is accepted (S6.1.2).
//
// Stages: new -> standard (accept) | hibernatable (ctx.acceptWebSocket) | returned (in a Response). client: new WebSocket().
// readyState follows from four facts: connecting, closeSent, closeReceived, broken.
'use strict';

const { settings } = require('../settings.js');

/**
 * Where an end sends. Each method keeps the order of the calls. Bytes are valid during the call only.
 * @typedef {object} Port
 * @property {(data: string | Uint8Array) => void} send
 * @property {(code: number | undefined, reason: string) => void} close Sends a Close frame; undefined: without a code.
 * @property {(code: number | undefined) => boolean} [refuses] Whether close() cannot send this code.
 * @property {() => void} terminate Cuts the connection without a Close frame.
 * @property {() => void} [hangUp] As terminate(), once what was sent before has left.
 * @property {number} [bufferedAmount] Bytes queued and not yet sent.
 * @property {() => void} [pause] Nobody takes what arrives.
 * @property {() => void} [resume] Somebody does.
 */

/**
 * @typedef {{kind: 'message', data: string | Uint8Array}
 *   | {kind: 'close', code: number, reason: string}
 *   | {kind: 'gone', reason?: string, isFinished?: boolean}
 *   | {kind: 'open'}
 *   | {kind: 'error', error: unknown, reason?: string}} Arrival
 */

/**
 * @typedef {object} ConnectionEnd
 * @property {number} code
 * @property {string} reason
 * @property {boolean} wasClean the peer sent a Close frame
 * @property {boolean} isFinished it sent none, but ended its side in an orderly way
 */

/**
 * Takes the events of a hibernatable end in place of listeners. Called as one event of the actor.
 * @typedef {object} Sink
 * @property {(ws: any, data: string | ArrayBuffer) => void} message
 * @property {(ws: any, code: number, reason: string, wasClean: boolean) => void} close
 * @property {(ws: any, error: unknown) => void} error
 * @property {(ws: any, bytes: Uint8Array) => void} [attachment] serializeAttachment() was called.
 */

const GONE = 'WebSocket disconnected without sending Close frame.';

/** Takes what is sent when nobody hears it. @type {Port} */
const kNowhere = { send() {}, close() {}, terminate() {} };

/** @type {import('../settings.js').Deliver} */
const onEventLoop = (fn, arrived) =>
  void setImmediate(() => {
    try {
      fn();
    } finally {
      arrived?.();
    }
  });

/** @param {string | Uint8Array} data @returns {string | ArrayBuffer} */
function toMessage(data) {
  if (typeof data === 'string') return data;
  return /** @type {ArrayBuffer} */ (new Uint8Array(data).buffer);
}

class SocketEnd {
  /** Makes a WebSocket object for an end. Set by web-socket.js. @type {(end: SocketEnd) => any} */
  static makeFace;
  /** Fires an event on a WebSocket object. Set by web-socket.js. @type {(face: any, event: object) => void} */
  static dispatch;

  /** @type {any} The WebSocket object, or null while hibernated. */
  face = null;
  /** @type {'new' | 'standard' | 'hibernatable' | 'returned' | 'client'} */
  stage = 'new';
  /** Whose it is (S2.10.2); undefined: nobody's yet, or a hibernated one's. @type {object | undefined} */
  owner = undefined;
  /** It travelled to its present holder in a Response. */
  wasDelivered = false;
  /** So it had come to who returned it to that holder. */
  wasPassedOn = false;
  /** @type {Port | null} */
  port = null;
  /** @type {SocketEnd | null} The other end, when it lives in this process. */
  peer = null;
  /** @type {Port | null} Where arrivals of a returned end go on to. */
  onward = null;
  /** @type {Sink | null} */
  sink = null;
  /** @type {import('../settings.js').Deliver} */
  deliver = onEventLoop;
  /** @type {Arrival[]} */
  inbox = [];
  connecting = false;
  /** @type {(() => void) | undefined} see tellOver() */
  onOver = undefined;
  /**
   * Whether the Close frame of the peer waits for the application's; undefined: as the compatibility date has it (S6.6.1).
   * @type {boolean | undefined}
   */
  allowHalfOpen = undefined;
  closeSent = false;
  closeReceived = false;
  /** The peer closed first. */
  repliedToClose = false;
  broken = false;
  /** @type {string | null} */
  url = null;
  /** Those of a client that got none are null, as the ends of workerd have it (S6.7.2). @type {string | null} */
  protocol = '';
  /** @type {string | null} */
  extensions = '';
  /** @type {Uint8Array | null} */
  attachment = null;
  /** Of lib/sockets: those of a socket that is over. @type {string[] | undefined} */
  tags = undefined;
  /** Of lib/sockets: the native socket that stands for it, and whose its other end is. A WeakMap each would cost every collection. */
  /** @type {import('../../sockets/awake-socket').AwakeSocket | undefined} */
  awake = undefined;
  /** @type {import('../../actors/instance').ActorInstance | undefined} */
  claimant = undefined;

  get readyState() {
    if (this.connecting) return 0;
    if (this.broken || (this.closeSent && this.closeReceived)) return 3;
    return this.closeSent || this.closeReceived ? 2 : 1;
  }

  get hasPeer() {
    return this.port !== null && this.port !== kNowhere;
  }

  /** Nothing more can arrive. */
  get isOver() {
    return this.readyState === 3 || (this.closeReceived && !this.hasPeer);
  }

  /** Over, and nothing of the connection is kept: it can no more be accepted, nor has it tags (workerd). */
  get isReleased() {
    return this.sink === null ? this.isOver : this.readyState === 3 && this.repliedToClose;
  }

  get isAccepted() {
    return this.stage === 'standard' || this.stage === 'hibernatable' || this.stage === 'client';
  }

  /** The present WebSocket object; a new one after hibernation. */
  get ws() {
    this.face ??= SocketEnd.makeFace(this);
    return this.face;
  }

  /** Starts to deliver: first what has waited. @param {import('../settings.js').Deliver | undefined} deliver */
  start(deliver) {
    this.deliver = deliver ?? onEventLoop;
    for (const arrival of this.takeInbox()) this.deliver(() => this.apply(arrival));
    this.port?.resume?.();
  }

  /** What has waited. @returns {Arrival[]} */
  takeInbox() {
    const { inbox } = this;
    if (inbox.length > 0) this.inbox = [];
    return inbox;
  }

  /**
   * Something arrived: it becomes an event of its own, and an end one step later than a message: the answer of the call that sent it
   * is there before it, as in workerd.
   * @param {Arrival} arrival
   * @param {() => void} [arrived] called when it has
   */
  receive(arrival, arrived) {
    if (this.isAccepted) {
      const deliver = () => this.deliver(() => this.apply(arrival), arrived);
      if (arrival.kind === 'close' || arrival.kind === 'gone') setImmediate(deliver);
      else deliver();
      return;
    }
    if (this.onward !== null) forward(arrival, this.onward);
    else {
      this.inbox.push(arrival);
      this.port?.pause?.();
    }
    arrived?.();
  }

  /** Something arrived and this already is its event. @param {Arrival} arrival */
  receiveNow(arrival) {
    if (this.isAccepted) this.apply(arrival);
    else this.receive(arrival);
  }

  // A Link (socket-host.js): what the network has for it; this already is its event.

  /** @param {string | Uint8Array} data */
  message(data) {
    this.receiveNow({ kind: 'message', data });
  }

  /** @param {number} code 1005: a Close frame without one @param {string} reason */
  peerClose(code, reason) {
    this.receiveNow({ kind: 'close', code, reason });
  }

  /** The connection is over. @param {ConnectionEnd} end */
  closed({ code, reason, wasClean, isFinished }) {
    this.receiveNow(wasClean ? { kind: 'close', code, reason } : { kind: 'gone', isFinished });
  }

  /** @param {Arrival} arrival */
  apply(arrival) {
    if (this.broken) return;
    try {
      this.#apply(arrival);
    } finally {
      this.tellOver();
    }
  }

  /** To whom it matters that nothing more comes, once. */
  tellOver() {
    const { onOver } = this;
    if (onOver === undefined || !this.isOver) return;
    this.onOver = undefined;
    onOver();
  }

  /** @param {Arrival} arrival */
  #apply(arrival) {
    switch (arrival.kind) {
      case 'open':
        this.connecting = false;
        return this.#fire({ type: 'open' });
      case 'message':
        return this.#message(arrival.data);
      case 'close':
        return this.#close(arrival.code, arrival.reason);
      case 'gone':
        return this.#gone(arrival.reason ?? GONE, arrival.isFinished === true);
      case 'error':
        return this.#error(arrival.error, arrival.reason ?? GONE);
    }
  }

  /** @param {string | Uint8Array} data */
  #message(data) {
    if (this.closeReceived) return;
    const message = toMessage(data);
    if (this.sink !== null) this.sink.message(this.ws, message);
    else this.#fire({ type: 'message', data: message });
  }

  /** @param {number} code @param {string} reason */
  #close(code, reason) {
    if (this.closeReceived) return;
    this.closeReceived = true;
    const isHalfOpen = this.allowHalfOpen ?? !settings.autoReplyToClose;
    const reply = this.stage !== 'hibernatable' && !isHalfOpen;
    if (reply && !this.closeSent) {
      this.closeSent = true;
      this.port?.close(code === 1005 ? undefined : code, reason);
    }
    this.#tellClose(code, reason, true);
  }

  /** @param {string} reason @param {boolean} isFinished */
  #gone(reason, isFinished) {
    this.connecting = false;
    if (this.closeReceived) {
      this.port = null;
      return;
    }
    // Nothing can be sent any more. Listeners still find the socket as it was, and CLOSING after them, as workerd has it: this side
    // did not close. To a peer that only ended its side it may, though nobody hears of it.
    this.port = isFinished ? kNowhere : null;
    if (this.sink === null) this.#tellClose(1006, reason, false);
    this.closeReceived = true;
    if (this.sink !== null) this.#tellClose(1006, reason, false);
  }

  /** @param {number} code @param {string} reason @param {boolean} wasClean */
  #tellClose(code, reason, wasClean) {
    if (this.sink !== null) this.sink.close(this.ws, code, reason, wasClean);
    else this.#fire({ type: 'close', code, reason, wasClean });
  }

  /** @param {object} event */
  #fire(event) {
    if (this.face !== null) SocketEnd.dispatch(this.face, event);
  }

  /** Cuts the connection: the peer sees 1006, this end no event more (S6.15). */
  cut() {
    if (this.broken) return;
    this.broken = true;
    this.port?.terminate();
    this.tellOver();
  }

  /** A listener threw (S6.7.5): as cut(), once what was sent before has left. @param {unknown} error */
  fail(error) {
    if (this.broken) return;
    const isOver = this.readyState === 3;
    this.broken = true;
    this.#fire({ type: 'error', error });
    if (isOver) return;
    if (this.port?.hangUp !== undefined) this.port.hangUp();
    else this.port?.terminate();
    this.tellOver();
  }

  /** @param {unknown} error @param {string} reason */
  #error(error, reason) {
    this.broken = true;
    this.connecting = false;
    if (this.closeReceived) return;
    if (this.sink !== null) {
      this.sink.error(this.ws, error);
      return;
    }
    this.#fire({ type: 'error', error });
    this.#tellClose(1006, reason, false);
  }
}

/** Passes on what arrived at an end that was handed to the network. @param {Arrival} arrival @param {Port} port */
function forward(arrival, port) {
  if (arrival.kind === 'message') port.send(arrival.data);
  else if (arrival.kind === 'close') {
    port.close(arrival.code === 1005 ? undefined : arrival.code, arrival.reason);
  } else if (port.hangUp !== undefined) port.hangUp();
  else port.terminate();
}

module.exports = { SocketEnd, forward };
