'use strict';
// Streams that an object's code consumes without calling read(): `for await`, pipeTo(), pipeThrough() and writers. What they give goes
// on as an event of the object, as a read does (spec S2.5.1, S2.5.11).
//
// A pipe asks its source itself, deep inside Node. An object's pipe gets another source: a stream of our own whose reads of the real
// one go through the gate. It asks for a chunk when the pipe does and holds none back.

const { current } = require('../current');
const { behindGate, gateMethods } = require('./behind-gate');

/**
 * @param {ReadableStream} stream not locked
 * @param {{preventCancel?: boolean} | undefined} options of the pipe
 * @returns {ReadableStream} the same chunks; `stream` is locked until they have ended, or nobody wants more of them
 */
function gatedSource(stream, options) {
  const reader = stream.getReader();
  const keeps = options?.preventCancel === true;
  return new ReadableStream(
    {
      async pull(controller) {
        let read;
        try {
          read = await reader.read();
        } catch (error) {
          reader.releaseLock();
          controller.error(error);
          return;
        }
        if (!read.done) {
          controller.enqueue(read.value);
          return;
        }
        reader.releaseLock();
        controller.close();
      },
      async cancel(reason) {
        const cancelled = keeps ? undefined : reader.cancel(reason);
        reader.releaseLock();
        await cancelled;
      },
    },
    { highWaterMark: 0 },
  );
}

/** Whether an object's code pipes, and rightly: Node says what is wrong with all else. @param {any} stream @param {any} to */
const isGatedPipe = (stream, to) =>
  current.instance !== undefined &&
  stream instanceof ReadableStream &&
  !stream.locked &&
  to instanceof WritableStream &&
  !to.locked;

/** @param {string} name @param {Function} replacement */
function replaceMethod(name, replacement) {
  const prototype = /** @type {any} */ (ReadableStream.prototype);
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
  const { length } = prototype[name];
  Object.defineProperty(replacement, 'length', { value: length, configurable: true });
  Object.defineProperty(prototype, name, { ...descriptor, value: replacement });
}

function gateIteration() {
  const prototype = /** @type {any} */ (ReadableStream.prototype);
  const { values: original } = prototype;
  const { values } = {
    /** @this {ReadableStream} @param {...any} args */
    values(...args) {
      const iterator = Reflect.apply(original, this, args);
      if (current.instance !== undefined) gateMethods(iterator, ['next', 'return'], behindGate);
      return iterator;
    },
  };
  replaceMethod('values', values);
  const slot = Object.getOwnPropertyDescriptor(prototype, Symbol.asyncIterator);
  Object.defineProperty(prototype, Symbol.asyncIterator, { ...slot, value: values });
}

function gatePipes() {
  const { pipeTo: toOriginal, pipeThrough: throughOriginal } = ReadableStream.prototype;
  const { pipeTo, pipeThrough } = {
    /** @this {ReadableStream} @param {any} to @param {any} [options] */
    pipeTo(to, options) {
      if (!isGatedPipe(this, to)) return Reflect.apply(toOriginal, this, [to, options]);
      const ours = { ...options, preventCancel: false }; // the source of our own does not outlive the pipe
      return behindGate(Reflect.apply(toOriginal, gatedSource(this, options), [to, ours]));
    },
    /** @this {ReadableStream} @param {any} pair @param {any} [options] */
    pipeThrough(pair, options) {
      if (!isGatedPipe(this, pair?.writable) || !(pair.readable instanceof ReadableStream))
        return Reflect.apply(throughOriginal, this, [pair, options]);
      const ours = { ...options, preventCancel: false };
      return Reflect.apply(throughOriginal, gatedSource(this, options), [pair, ours]);
    },
  };
  replaceMethod('pipeTo', pipeTo);
  replaceMethod('pipeThrough', pipeThrough);
}

/** What Workers adds to the standard (S9.2). */
function addReadAtLeast() {
  const prototype = /** @type {any} */ (ReadableStreamBYOBReader.prototype);
  const { readAtLeast } = {
    /**
     * @this {ReadableStreamBYOBReader}
     * @param {number} bytesMin that it waits for, unless the stream ends
     * @param {Uint8Array<ArrayBuffer>} view
     */
    async readAtLeast(bytesMin, view) {
      const { byteLength, byteOffset } = view;
      let filled = 0;
      let rest = view;
      for (;;) {
        const { done, value } = await this.read(rest);
        if (value === undefined) return { done, value };
        filled += value.byteLength;
        const { buffer } = value;
        if (done || filled >= bytesMin) {
          const read = new Uint8Array(buffer, byteOffset, filled);
          return { done: done && filled === 0, value: read };
        }
        rest = new Uint8Array(buffer, byteOffset + filled, byteLength - filled);
      }
    },
  };
  Object.defineProperty(prototype, 'readAtLeast', {
    value: readAtLeast,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

/** Node 20 fails an assertion of its own, and throws it, when something is written to a stream that has closed; later versions reject. */
function rejectLateWrites() {
  const prototype = /** @type {any} */ (WritableStreamDefaultWriter.prototype);
  const { write: original } = prototype;
  const { write } = {
    /** @this {WritableStreamDefaultWriter} @param {...any} args */
    write(...args) {
      try {
        return Reflect.apply(original, this, args);
      } catch (error) {
        if (/** @type {any} */ (error)?.code !== 'ERR_INTERNAL_ASSERTION') throw error;
        return Promise.reject(new TypeError('This WritableStream has been closed.'));
      }
    },
  };
  Object.defineProperty(write, 'length', { value: original.length, configurable: true });
  const descriptor = Object.getOwnPropertyDescriptor(prototype, 'write');
  Object.defineProperty(prototype, 'write', { ...descriptor, value: write });
}

/** Once per environment. */
function installStreamGates() {
  addReadAtLeast();
  rejectLateWrites();
  gateMethods(ReadableStreamDefaultReader.prototype, ['read', 'cancel'], behindGate);
  gateMethods(ReadableStreamBYOBReader.prototype, ['read', 'cancel'], behindGate);
  gateMethods(WritableStreamDefaultWriter.prototype, ['write', 'close', 'abort'], behindGate);
  gateIteration();
  gatePipes();
}

module.exports = { installStreamGates };
