import * as sockets from 'cloudflare:sockets';
import * as workers from 'cloudflare:workers';
import * as workflows from 'cloudflare:workflows';
import { answer, attemptSync } from '../probe.js';

/** Names that come with the engine, or with Node whatever Workers has. */
const elsewhere = new Set([
  ...['Iterator', 'Float16Array', 'SuppressedError', 'DisposableStack', 'AsyncDisposableStack'],
  ...['Temporal', 'BroadcastChannel', 'Storage', 'localStorage', 'sessionStorage', 'constructor'],
]);

/** Everything that code finds by its name alone. */
function names() {
  const found = new Set();
  for (let at = globalThis; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at))
    for (const name of Reflect.ownKeys(at))
      if (typeof name === 'string' && !elsewhere.has(name)) found.add(name);
  return [...found].sort();
}

/** @param {string} name */
function look(name) {
  const value = globalThis[name];
  if (typeof value === 'function') return /^[A-Z]/.test(name) ? 'interface' : 'function';
  if (typeof value !== 'object' || value === null) return `${typeof value} ${value}`;
  return Object.prototype.toString.call(value);
}

const builtIn = ['length', 'name', 'prototype', 'arguments', 'caller'];
const own = (object) =>
  Reflect.ownKeys(object)
    .filter((name) => typeof name === 'string' && !builtIn.includes(name))
    .sort();

/** @param {string} path of an interface or object */
function members(path) {
  const type = path.split('.').reduce((object, part) => object[part], globalThis);
  if (typeof type !== 'function') {
    const prototype = Object.getPrototypeOf(type);
    return own(prototype === Object.prototype ? {} : prototype).concat(own(type));
  }
  let base = Object.getPrototypeOf(type.prototype);
  // Classes in between that nobody can name do not count.
  while (!Object.hasOwn(base, 'constructor') || globalThis[base.constructor.name] === undefined)
    base = Object.getPrototypeOf(base);
  return [`extends ${base.constructor.name}`, own(type.prototype), 'statics', own(type)];
}

const probes = {
  names: () => names().map((name) => `${name}: ${look(name)}`),
  free: () => [
    [typeof Response, typeof fetch, typeof WebSocketPair, typeof navigator, typeof caches],
    [typeof HTMLRewriter, typeof scheduler, typeof self, typeof origin, typeof addEventListener],
  ],
  one: () => [
    globalThis === self,
    globalThis.Response === Response,
    Object.prototype.toString.call(globalThis),
    'Response' in globalThis,
    globalThis.crypto === crypto,
  ],
  patched() {
    const original = globalThis.fetch;
    globalThis.fetch = () => 'patched';
    const seen = [fetch(), self.fetch(), globalThis.fetch()];
    globalThis.fetch = original;
    globalThis.added = 5;
    return [...seen, fetch === original, typeof added];
  },
  modules: () =>
    Object.entries({ workers, sockets, workflows }).map(
      ([name, module]) =>
        `${name}: ${Object.keys(module)
          .filter((name) => !name.startsWith('internal'))
          .sort()
          .join(' ')}`,
    ),
  navigator: () => [
    [navigator.userAgent, navigator.language, navigator.languages, navigator.platform],
    [navigator.hardwareConcurrency, Object.prototype.toString.call(navigator)],
  ],
  illegal: () =>
    [
      ...['Crypto', 'SubtleCrypto', 'Navigator', 'ExtendableEvent', 'FetchEvent', 'ScheduledEvent'],
      ...['TailEvent', 'Cache', 'CacheStorage', 'WorkerGlobalScope', 'ServiceWorkerGlobalScope'],
      ...['PromiseRejectionEvent'],
    ].map((name) => attemptSync(() => new globalThis[name]('x'))),
};

export default {
  fetch(request) {
    const path = decodeURIComponent(new URL(request.url).pathname.slice(1));
    const all = path.startsWith('members') ? { [path]: () => members(path.slice(7)) } : probes;
    return answer(all, request);
  },
};
