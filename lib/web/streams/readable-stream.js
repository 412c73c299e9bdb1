// readableStreamFor: the class ReadableStream as a Worker's code sees it (S9.2).
//
// It is Node's, and what it makes is Node's. On Workers a byte stream gives its source a view to fill (`controller.byobRequest`) for
// any read, also one without a view of its own, where the standard does so only when `autoAllocateChunkSize` says how large.
'use strict';

/** Bytes of the view that a source gets for a read without one. */
const CHUNK_SIZE_DEFAULT = 4096;

/** @param {any} method @param {object} source */
const bound = (method, source) => (typeof method === 'function' ? method.bind(source) : method);

/** @param {any} source of a byte stream without an `autoAllocateChunkSize` @returns {any} */
function allocating(source) {
  const { start, pull, cancel } = source;
  return {
    type: 'bytes',
    autoAllocateChunkSize: CHUNK_SIZE_DEFAULT,
    start: bound(start, source),
    pull: bound(pull, source),
    cancel: bound(cancel, source),
  };
}

/**
 * @param {Record<string, boolean>} flags of the Worker
 * @returns {typeof ReadableStream}
 */
function readableStreamFor(flags) {
  const original = globalThis.ReadableStream;
  if (flags.streams_no_default_auto_allocate_chunk_size) return original;
  return new Proxy(original, {
    construct(target, [source, ...rest], newTarget) {
      const isPlain = source?.type !== 'bytes' || source.autoAllocateChunkSize !== undefined;
      return Reflect.construct(target, [isPlain ? source : allocating(source), ...rest], newTarget);
    },
  });
}

module.exports = { readableStreamFor };
