// WebSocket: the class Workers sees (S6.3-S6.8): an end of a WebSocketPair, the socket of a fetch, or a client's socket.
// Policy about arguments and states that user code can see lives here; the protocol's state in SocketEnd.
'use strict';

const { connect } = require('./client-socket.js');
const { constructorError, parameterError } = require('../errors.js');
const { CloseEvent, ErrorEvent, MessageEvent } = require('../events/events.js');
const { defineInterface } = require('../interface.js');
const { settings } = require('../settings.js');
const { toUsv } = require('../usv-string.js');
const { SocketEnd } = require('./socket-end.js');
const { SocketEventTarget, didThrow, thrownBy } = require('./socket-event-target.js');

const ATTACHMENT_BYTES_MAX = 16_384;
const REASON_BYTES_MAX = 123;
const RESERVED_CODES = [1004, 1005, 1006, 1015];
const STATES = { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 };
const kInternal = Symbol('internal');
const NOT_ACCEPTED =
  'You must call one of accept() or state.acceptWebSocket() on this WebSocket before sending messages.';

/** @type {{ end(ws: WebSocket): SocketEnd, wrap(end: SocketEnd): WebSocket, isOwn(value: unknown): boolean }} */
const access = /** @type {any} */ ({});

/** S6.5.1 @param {number} code */
function isCloseCode(code) {
  if (code === 1000 || (code >= 3000 && code <= 4999)) return true;
  if (settings.pedanticCloseCodes) return false;
  return code > 1000 && code < 3000 && !RESERVED_CODES.includes(code);
}

/** @param {number | undefined} code */
const badCode = (code) =>
  new DOMException(`Invalid WebSocket close code: ${code}.`, 'InvalidAccessError');

/** @param {any} code @param {any} reason @returns {{code: number | undefined, reason: string}} */
function checkClose(code, reason) {
  if (code === undefined) {
    if (reason === undefined) return { code, reason: '' };
    throw new DOMException(
      'If you specify a WebSocket close reason, you must also specify a code.',
      'InvalidAccessError',
    );
  }
  const number = Math.trunc(Number(code)) || 0;
  if (!isCloseCode(number)) throw badCode(number);
  const text = reason === undefined ? '' : toUsv(`${reason}`);
  if (settings.closeReasonByteLimit && Buffer.byteLength(text) > REASON_BYTES_MAX) {
    throw new DOMException(
      'WebSocket close reason must not be longer than 123 bytes when UTF-8 encoded.',
      'SyntaxError',
    );
  }
  return { code: number, reason: text };
}

/** @param {any} data @returns {string | Uint8Array} */
function checkMessage(data) {
  if (typeof data === 'string') return toUsv(data);
  if (ArrayBuffer.isView(data))
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (data?.[Symbol.toStringTag] === 'ArrayBuffer') return new Uint8Array(data);
  return toUsv(`${data}`);
}

/** As workerd names what is inside a WebSocket. */
const kType = 'Native';

class WebSocket extends SocketEventTarget {
  /** @type {SocketEnd} */
  #end;
  /** @type {'blob' | 'arraybuffer'} */
  #binaryType = settings.standardBinaryType ? 'blob' : 'arraybuffer';

  /** Starts to connect (S6.8.1). @param {any} url ws: or wss: @param {string | string[]} [protocols] */
  constructor(url, protocols) {
    super();
    if (url === kInternal) {
      this.#end = /** @type {any} */ (protocols);
      return;
    }
    if (arguments.length === 0) throw constructorError('WebSocket', 1, 'string');
    this.#end = new SocketEnd();
    this.#end.face = this;
    connect(this.#end, url, protocols);
  }

  /** Starts event delivery to listeners (S6.3). @param {{allowHalfOpen?: boolean}} [options] */
  accept(options) {
    if (options !== undefined && options !== null && typeof options !== 'object') {
      throw parameterError('accept', 'WebSocket', 1, 'AcceptOptions');
    }
    const end = this.#end;
    if (end.connecting) {
      throw new TypeError(
        "Websockets obtained from the 'new WebSocket()' constructor cannot call accept",
      );
    }
    if (end.stage === 'returned' || end.isReleased) {
      throw new TypeError("Can't accept() WebSocket that was already used in a response.");
    }
    if (end.stage === 'hibernatable') {
      throw new TypeError("Can't accept() WebSocket after enabling hibernation.");
    }
    settings.checkContext(end.owner, kType);
    if (end.stage === 'standard' || end.stage === 'client') return;
    end.stage = 'standard';
    end.owner ??= settings.context(); // one that came in a Response belongs to the code that accepts it
    if (options?.allowHalfOpen !== undefined) end.allowHalfOpen = Boolean(options.allowHalfOpen);
    end.start(settings.deliverHere(end, true));
  }

  /** @param {string | ArrayBuffer | ArrayBufferView} data Copied at the call. */
  send(data) {
    if (arguments.length === 0) {
      throw parameterError('send', 'WebSocket', 1, 'ArrayBuffer or ArrayBufferView or string');
    }
    const message = checkMessage(data);
    const end = this.#end;
    settings.checkContext(end.owner, kType);
    if (!end.isAccepted || end.connecting) throw new TypeError(NOT_ACCEPTED);
    if (end.closeSent) throw new TypeError("Can't call WebSocket send() after close().");
    if (!end.broken) end.port?.send(message);
  }

  /** @param {number} [code] @param {string} [reason] */
  close(code, reason) {
    const close = checkClose(code, reason);
    const end = this.#end;
    settings.checkContext(end.owner, kType);
    if (!end.isAccepted) throw new TypeError(NOT_ACCEPTED);
    if (end.connecting) return end.port?.terminate();
    // Nor is anything sent to a peer that has gone, and the state stays.
    if (end.closeSent || end.broken || end.port === null) return;
    if (end.port.refuses?.(close.code)) throw badCode(close.code);
    end.closeSent = true;
    end.repliedToClose = end.closeReceived;
    end.port.close(close.code, close.reason);
  }

  /** @param {unknown} value Structured clone; replaces what was there (S6.11.4). */
  serializeAttachment(value) {
    if (arguments.length === 0) {
      throw parameterError('serializeAttachment', 'WebSocket', 1, 'Value');
    }
    const bytes = settings.codec.serialize(value);
    if (bytes.byteLength > ATTACHMENT_BYTES_MAX) {
      throw new Error(
        `A WebSocket 'attachment' cannot be larger than ${ATTACHMENT_BYTES_MAX} bytes.` +
          `'attachment' was ${bytes.byteLength} bytes.`,
      );
    }
    this.#end.attachment = bytes;
    this.#end.sink?.attachment?.(this, bytes);
  }

  /** @returns {any} A fresh copy; null when there is none (S6.11.5). */
  deserializeAttachment() {
    const bytes = this.#end.attachment;
    return bytes === null ? null : settings.codec.deserialize(bytes);
  }

  /** @returns {number} */
  get readyState() {
    return this.#end.readyState;
  }

  /** @returns {number} */
  get bufferedAmount() {
    return this.#end.port?.bufferedAmount ?? 0;
  }

  /** @returns {string | null} */
  get url() {
    return this.#end.url;
  }

  /** @returns {string | null} */
  get protocol() {
    return this.#end.protocol;
  }

  /** @returns {string | null} */
  get extensions() {
    return this.#end.extensions;
  }

  /** @returns {'blob' | 'arraybuffer'} */
  get binaryType() {
    return this.#binaryType;
  }

  set binaryType(value) {
    if (value === 'blob' || value === 'arraybuffer') this.#binaryType = value;
  }

  /** @param {any} arrival What SocketEnd tells. */
  #dispatch(arrival) {
    const { type } = arrival;
    if (type === 'message') {
      const { data } = arrival;
      const isBlob = typeof data !== 'string' && this.#binaryType === 'blob';
      const event = new MessageEvent(type, { data: isBlob ? new Blob([data]) : data });
      this.#tell(event);
    } else if (type === 'close') this.#tell(new CloseEvent(type, arrival));
    else if (type === 'error') {
      const { error } = arrival;
      const message = `Uncaught ${error}`;
      this.dispatchEvent(new ErrorEvent(type, { message, error }));
    } else this.dispatchEvent(new Event(type));
  }

  /** A listener that throws costs the socket its connection (S6.7.5). @param {Event} event */
  #tell(event) {
    this.dispatchEvent(event);
    if (didThrow(event)) this.#end.fail(thrownBy(event));
  }

  /** @param {SocketEnd} end */
  static #wrap(end) {
    const ws = new WebSocket(kInternal, /** @type {any} */ (end));
    end.face = ws;
    return ws;
  }

  static {
    access.end = (ws) => ws.#end;
    access.wrap = (end) => WebSocket.#wrap(end);
    access.isOwn = (value) => typeof value === 'object' && value !== null && #end in value;
    SocketEnd.makeFace = (end) => WebSocket.#wrap(end);
    SocketEnd.dispatch = (face, arrival) => face.#dispatch(arrival);
  }
}

for (const target of [WebSocket, WebSocket.prototype]) {
  for (const [name, value] of Object.entries(STATES)) {
    for (const key of [name, `READY_STATE_${name}`]) {
      Object.defineProperty(target, key, { value, enumerable: true });
    }
  }
}
defineInterface(WebSocket);

module.exports = {
  WebSocket,
  /** The end behind a WebSocket. */
  endOf: access.end,
  /** A new WebSocket object for an end. */
  wrapEnd: access.wrap,
  isWebSocket: access.isOwn,
};
