// The names that a Worker's code finds as globals and that are not Node's own of the same name (S9.2).
//
// The bundler binds each of them inside the Worker's modules (lib/build/worker-scope.js), so that the process keeps its own. What is
// not here is the process's: the classes of the language, most streams, `URL`, `Blob`, and so on.
'use strict';

const GLOBAL_NAMES = Object.freeze([
  'Body',
  'Cache',
  'CacheStorage',
  'CloseEvent',
  'Cloudflare',
  'Crypto',
  'ErrorEvent',
  'EventSource',
  'ExtendableEvent',
  'FetchEvent',
  'FixedLengthStream',
  'FormData',
  'HTMLRewriter',
  'Headers',
  'IdentityTransformStream',
  'MessageEvent',
  'Navigator',
  'PromiseRejectionEvent',
  'ReadableStream',
  'Request',
  'Response',
  'ScheduledEvent',
  'ServiceWorkerGlobalScope',
  'SubtleCrypto',
  'TailEvent',
  'TextDecoder',
  'TextDecoderStream',
  'TraceEvent',
  'WebSocket',
  'WebSocketPair',
  'WebSocketRequestResponsePair',
  'WorkerGlobalScope',
  'addEventListener',
  'caches',
  'clearImmediate',
  'clearInterval',
  'clearTimeout',
  'console',
  'crypto',
  'dispatchEvent',
  'fetch',
  'global',
  'navigator',
  'origin',
  'queueMicrotask',
  'removeEventListener',
  'reportError',
  'scheduler',
  'self',
  'setImmediate',
  'setInterval',
  'setTimeout',
  'structuredClone',
]);

/** What is loaded when code uses it; nobody can assign it by its name alone. */
const LAZY_NAMES = Object.freeze(['URLPattern']);

module.exports = { GLOBAL_NAMES, LAZY_NAMES };
