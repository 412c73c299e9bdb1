// globalValues: the globals of one Worker (S9.2), by name.
'use strict';

const { createRequire } = require('node:module');
const { Body } = require('../fetch/body.js');
const { Crypto, SubtleCrypto, crypto } = require('../crypto.js');
const { parameterError } = require('../errors.js');
const {
  CloseEvent,
  ErrorEvent,
  MessageEvent,
  PromiseRejectionEvent,
} = require('../events/events.js');
const { EventSource } = require('../events/event-source.js');
const { fetch } = require('../fetch/fetch.js');
const { FormData } = require('../fetch/form-data.js');
const { Headers } = require('../fetch/headers.js');
const { HTMLRewriter } = require('../rewriter/html-rewriter.js');
const {
  FixedLengthStream,
  IdentityTransformStream,
} = require('../streams/identity-transform-stream.js');
const { Navigator, makeNavigator } = require('./navigator.js');
const { readableStreamFor } = require('../streams/readable-stream.js');
const { Request } = require('../fetch/request.js');
const { WebSocketRequestResponsePair } = require('../sockets/request-response-pair.js');
const { Response } = require('../fetch/response.js');
const { defineInterface } = require('../interface.js');
const { makeScheduler } = require('./scheduler.js');
const scopeEvents = require('../events/scope-events.js');
const { settings } = require('../settings.js');
const { cloneWithout } = require('../structured-clone.js');
const { TextDecoder, textDecoderStreamFor } = require('../streams/text-decoder.js');
const { WebSocket } = require('../sockets/web-socket.js');
const { WebSocketPair } = require('../sockets/web-socket-pair.js');

const SCOPE = 'ServiceWorkerGlobalScope';
const interfaces = {
  Body,
  Crypto,
  SubtleCrypto,
  FormData,
  Headers,
  Request,
  Response,
  WebSocket,
  WebSocketPair,
  WebSocketRequestResponsePair,
  CloseEvent,
  ErrorEvent,
  MessageEvent,
  PromiseRejectionEvent,
  EventSource,
  ExtendableEvent: scopeEvents.ExtendableEvent,
  FetchEvent: scopeEvents.FetchEvent,
  ScheduledEvent: scopeEvents.ScheduledEvent,
  TailEvent: scopeEvents.TailEvent,
  TraceEvent: scopeEvents.TraceEvent,
  WorkerGlobalScope: scopeEvents.WorkerGlobalScope,
  ServiceWorkerGlobalScope: scopeEvents.ServiceWorkerGlobalScope,
  HTMLRewriter,
  FixedLengthStream,
  IdentityTransformStream,
  TextDecoder,
};

class Cloudflare {
  /** @param {Record<string, boolean>} flags */
  constructor(flags) {
    const on = Object.fromEntries(Object.entries(flags).filter(([, value]) => value === true));
    Object.defineProperty(this, 'compatibilityFlags', {
      value: Object.freeze(on),
      enumerable: true,
    });
  }
}
defineInterface(Cloudflare);

const structuredClone = cloneWithout(globalThis.structuredClone);

/** @param {EventTarget} target where listeners to `error` are */
const makeReportError = (target) =>
  /** @param {unknown} error */
  function reportError(error) {
    if (arguments.length === 0) throw parameterError('reportError', SCOPE, 1, 'Value');
    const message = `Uncaught ${/** @type {any} */ (error)}`;
    target.dispatchEvent(new ErrorEvent('error', { message, ...placeOf(error), error }));
    settings.reportError(error);
  };

/** Where it was thrown, as far as its stack tells. @param {any} error */
function placeOf(error) {
  const found = /^\s+at (?:.*\()?(.+?):(\d+):(\d+)\)?$/m.exec(`${error?.stack}`);
  if (!found) return {};
  return { filename: found[1], lineno: Number(found[2]), colno: Number(found[3]) };
}

/** @param {(error: unknown) => void} reportError */
const makeQueueMicrotask = (reportError) =>
  /** @param {any} callback */
  function queueMicrotask(callback) {
    if (typeof callback !== 'function')
      throw parameterError('queueMicrotask', SCOPE, 1, 'function');
    nodeQueueMicrotask(() => {
      try {
        callback();
      } catch (error) {
        reportError(error);
      }
    });
  };
const nodeQueueMicrotask = queueMicrotask;

/**
 * @param {object} options
 * @param {Record<string, boolean>} options.flags the Worker's compatibility flags
 * @param {{setTimeout: Function, setInterval: Function, clearTimeout: Function, clearInterval: Function}} options.timers
 * @param {EventTarget} options.events where the listeners of the scope are
 * @param {Record<string, unknown>} [options.more] what stands on more than this folder has
 * @returns {Record<string, any>}
 */
function globalValues({ flags, timers, events: target, more = {} }) {
  const reportError = makeReportError(target);
  const navigator = flags.global_navigator ? { navigator: makeNavigator(flags, fetch) } : {};
  return {
    ...interfaces,
    Navigator,
    ...navigator,
    ...timers,
    addEventListener: target.addEventListener.bind(target),
    removeEventListener: target.removeEventListener.bind(target),
    dispatchEvent: target.dispatchEvent.bind(target),
    console,
    crypto,
    fetch,
    origin: 'null',
    TextDecoderStream: textDecoderStreamFor(flags),
    ReadableStream: readableStreamFor(flags),
    queueMicrotask: makeQueueMicrotask(reportError),
    reportError,
    scheduler: makeScheduler(timers),
    structuredClone,
    Cloudflare: new Cloudflare(flags),
    ...more,
  };
}

// Node has its own from version 24 on; the package's is loaded when code asks for it.
const loadPackage = createRequire(__filename);

/** Globals that are read when code uses them. @type {Record<string, () => unknown>} */
const lazyValues = {
  URLPattern: () =>
    /** @type {any} */ (globalThis).URLPattern ??
    loadPackage('urlpattern-polyfill/urlpattern').URLPattern,
};

module.exports = { globalValues, lazyValues };
