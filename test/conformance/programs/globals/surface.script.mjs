import { probeCases } from '../../harness/probes.mjs';

export const config = {};

/** Interfaces and objects whose members are compared, one by one. */
const interfaces = [
  ...['AbortController', 'AbortSignal', 'Blob', 'Body', 'ByteLengthQueuingStrategy', 'Cache'],
  ...['CacheStorage', 'CloseEvent', 'CompressionStream', 'CountQueuingStrategy', 'Crypto'],
  ...['CryptoKey', 'CustomEvent', 'DOMException', 'DecompressionStream', 'ErrorEvent', 'Event'],
  ...['EventSource', 'EventTarget', 'ExtendableEvent', 'FetchEvent', 'File', 'FixedLengthStream'],
  ...['FormData', 'HTMLRewriter', 'Headers', 'IdentityTransformStream', 'MessageChannel'],
  ...['MessageEvent', 'MessagePort', 'Navigator', 'Performance', 'PromiseRejectionEvent'],
  ...['ReadableStream', 'ReadableStreamBYOBReader', 'ReadableStreamDefaultReader', 'Request'],
  ...['Response', 'ScheduledEvent', 'SubtleCrypto', 'TailEvent', 'TextDecoder', 'TextEncoder'],
  ...['TextDecoderStream', 'TextEncoderStream', 'TransformStream', 'URL', 'URLPattern'],
  ...['URLSearchParams', 'WebSocket', 'WebSocketPair', 'WebSocketRequestResponsePair'],
  ...['WorkerGlobalScope', 'WritableStream', 'WritableStreamDefaultWriter', 'navigator'],
  ...['scheduler', 'Cloudflare', 'caches', 'crypto', 'crypto.DigestStream', 'crypto.subtle'],
];

export const cases = [
  ...probeCases({
    names: 'S9.2 the names of all globals',
    free: 'S9.2 globals by their names alone',
    one: 'S9.2 globalThis',
    patched: 'S9.2 what is assigned to globalThis',
    modules: 'S9.3 what the modules export',
    navigator: 'S9.2 navigator',
    illegal: 'S9.2 interfaces that nobody constructs',
  }),
  ...probeCases(
    Object.fromEntries(interfaces.map((name) => [`members${name}`, `S9.2 members of ${name}`])),
  ),
];
