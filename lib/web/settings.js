// settings: what the runtime tells the web classes: compatibility flags that change them (S0.3) and hooks into the host.
// One set per process, as there is one set of globals.
'use strict';

const v8 = require('node:v8');
const { reportError } = require('../report-error');

/**
 * Runs `fn` later, as one event of whatever the socket belongs to (an actor's mailbox, or the event loop).
 * @typedef {(fn: () => void, arrived?: () => void) => void} Deliver runs `fn` as an event of its own; `arrived` is called when it is one, or has run
 */

/**
 * @typedef {object} Settings
 * @property {boolean} autoReplyToClose Flag web_socket_auto_reply_to_close (S6.6.2).
 * @property {boolean} standardBinaryType Flag websocket_standard_binary_type (S6.7.3).
 * @property {boolean} standardUrl Flag fetch_standard_url.
 * @property {boolean} pedanticCloseCodes Flag pedantic_wpt (S6.5.1).
 * @property {boolean} enhancedErrors Flag enhanced_error_serialization (S7.8).
 * @property {boolean} closeReasonByteLimit Flag websocket_close_reason_byte_limit (S6.5.2).
 * @property {boolean} requestSignalPassthrough Flag request_signal_passthrough.
 * @property {{serialize(value: unknown): Uint8Array, deserialize(bytes: Uint8Array): unknown}} codec For attachments.
 * @property {(error: unknown) => void} reportError A listener threw (S6.7.5).
 * @property {(end: import('./sockets/socket-end.js').SocketEnd, keeps: boolean) => Deliver | undefined} deliverHere Asked when a socket starts to deliver events:
 *   how events reach the code that runs now. undefined: the event loop. `keeps`: a Worker's invocation does not end while it is open.
 * @property {(sever: (error: unknown) => void) => (() => void) | undefined} tie Told of a connection that is there for the code that runs now: `sever`
 *   is called when that code does not go on. Gives what is to be called when the connection is over; undefined: that code has no end.
 * @property {() => Promise<unknown> | undefined} holdOutput Asked when something leaves the code that runs now (a message
 *   to a socket end of this process, a fetch, a handshake): resolves when the writes it depends on are durable (S2.6.2);
 *   undefined when there is nothing to wait for. A rejection drops what waited.
 * @property {(kind: 'message' | 'end') => (() => void) | undefined} sent Told when the code that runs now sends something to a socket end of this
 *   process; what it gives is called when that has come.
 * @property {<T>(promise: Promise<T>, drop?: (value: T) => void) => Promise<T>} behindGate Given what the code that runs now awaits from
 *   outside: settles when that code may go on (S2.5.1), never when it does not go on; `drop` gets what comes then.
 * @property {<T>(promise: Promise<T>) => Promise<T>} asIfAtOnce Given what Workers has within the turn: no other event of the code
 *   that runs now comes before it.
 * @property {{setTimeout: Function, clearTimeout: Function}} timers Of the code that runs now.
 * @property {() => object | undefined} context Whose code runs now: what it makes is its own.
 * @property {(owner: object | undefined, type: string) => void} checkContext Throws when `owner` is another one than
 *   that (S2.10.2).
 */

const defaultCodec = {
  serialize(/** @type {unknown} */ value) {
    try {
      return v8.serialize(value);
    } catch (error) {
      throw new DOMException(/** @type {Error} */ (error).message, 'DataCloneError');
    }
  },
  deserialize: (/** @type {Uint8Array} */ bytes) => v8.deserialize(bytes),
};

/** @type {Settings} */
const settings = {
  autoReplyToClose: true,
  standardBinaryType: true,
  closeReasonByteLimit: true,
  requestSignalPassthrough: false,
  standardUrl: true,
  pedanticCloseCodes: false,
  enhancedErrors: true,
  codec: defaultCodec,
  reportError,
  deliverHere: () => undefined,
  tie: () => undefined,
  holdOutput: () => undefined,
  sent: () => undefined,
  behindGate: (promise) => promise,
  asIfAtOnce: (promise) => promise,
  timers: { setTimeout, clearTimeout },
  context: () => undefined,
  checkContext: () => {},
};

/** @param {Partial<Settings>} changes */
function configureWeb(changes) {
  Object.assign(settings, changes);
}

/** The members of Settings that compatibility flags decide. @param {Record<string, boolean>} flags */
function settingsFromFlags(flags) {
  return {
    autoReplyToClose: flags.web_socket_auto_reply_to_close === true,
    standardBinaryType: flags.websocket_standard_binary_type === true,
    closeReasonByteLimit: flags.websocket_close_reason_byte_limit === true,
    requestSignalPassthrough: flags.request_signal_passthrough === true,
    standardUrl: flags.fetch_standard_url === true,
    pedanticCloseCodes: flags.pedantic_wpt === true,
    enhancedErrors: flags.enhanced_error_serialization !== false,
  };
}

module.exports = { settings, configureWeb, settingsFromFlags };
