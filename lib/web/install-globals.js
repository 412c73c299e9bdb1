// installGlobals: gives a global object the names every Worker expects (S9.2), and can take them away again.
//
// Each name is defined like a built-in: writable, configurable, not enumerable. Node's own classes stay reachable for
// internal use (originals.js); Node's own modules never look at these globals.
'use strict';

const { Body } = require('./body.js');
const { DigestStream, timingSafeEqual } = require('./digest-stream.js');
const { parameterError } = require('./errors.js');
const events = require('./events.js');
const { fetch } = require('./fetch.js');
const { Headers } = require('./headers.js');
const { FixedLengthStream, IdentityTransformStream } = require('./identity-transform-stream.js');
const { Request } = require('./request.js');
const { WebSocketRequestResponsePair } = require('./request-response-pair.js');
const { Response } = require('./response.js');
const { settings } = require('./settings.js');
const { cloneWithout } = require('./structured-clone.js');
const { WebSocket } = require('./web-socket.js');
const { WebSocketPair } = require('./web-socket-pair.js');

/** @param {string} name @returns {never} */
function unsupported(name) {
  throw new Error(`The global \`${name}\` is not supported by Holdfast yet.`);
}

// Libraries look whether it exists; using it throws.
class HTMLRewriter {
  constructor() {
    unsupported('HTMLRewriter');
  }
}

const scheduler = {
  /** @param {number} ms @param {{signal?: AbortSignal}} [options] @returns {Promise<void>} */
  async wait(ms, options) {
    if (ms === undefined) throw parameterError('wait', 'Scheduler', 1, 'number');
    const signal = options?.signal;
    signal?.throwIfAborted();
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, Number(ms));
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  },
};

const navigator = {
  userAgent: 'Cloudflare-Workers',
  language: 'en',
  languages: ['en'],
  platform: '',
  hardwareConcurrency: 1,
};

/** @param {Record<string, boolean>} flags */
function makeCloudflare(flags) {
  const on = Object.entries(flags).filter(([, value]) => value === true);
  return { compatibilityFlags: Object.freeze(Object.fromEntries(on)) };
}

/**
 * @param {object} [options]
 * @param {any} [options.target] The global object.
 * @param {Record<string, boolean>} [options.flags] Compatibility flags that are on, for `Cloudflare.compatibilityFlags`.
 * @param {Record<string, unknown>} [options.more] Globals that stand on more than this folder has.
 * @returns {() => void} Puts everything back as it was.
 */
function installGlobals({ target = globalThis, flags = {}, more = {} } = {}) {
  /** @type {Array<() => void>} */
  const undo = [];
  /** @param {any} object @param {string} name @param {PropertyDescriptor} descriptor */
  const define = (object, name, descriptor) => {
    const before = Object.getOwnPropertyDescriptor(object, name);
    Object.defineProperty(object, name, { configurable: true, enumerable: false, ...descriptor });
    undo.push(() => {
      if (before) Object.defineProperty(object, name, before);
      else delete object[name];
    });
  };
  const values = {
    Body,
    Headers,
    Request,
    Response,
    fetch,
    WebSocket,
    WebSocketPair,
    WebSocketRequestResponsePair,
    ...events,
    HTMLRewriter,
    structuredClone: cloneWithout(target.structuredClone),
    FixedLengthStream,
    IdentityTransformStream,
    scheduler,
    navigator,
    self: target,
    origin: '',
    reportError: (/** @type {unknown} */ error) => settings.reportError(error),
    Cloudflare: makeCloudflare(flags),
    ...more,
  };
  for (const [name, value] of Object.entries(values))
    define(target, name, { value, writable: true });
  const { crypto } = target;
  define(crypto, 'DigestStream', { value: DigestStream, writable: true });
  define(Object.getPrototypeOf(crypto.subtle), 'timingSafeEqual', {
    value: timingSafeEqual,
    writable: true,
  });
  return () => {
    for (const step of undo.splice(0).reverse()) step();
  };
}

module.exports = { installGlobals };
