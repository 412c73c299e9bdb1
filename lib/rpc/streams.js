'use strict';
// Streams that cross over RPC (spec S7.5.3, S7.5.4): bytes only. The sender's is locked; the receiver's pulls from it or writes to it,
// chunk by chunk, so the slower side holds the faster one back.

const { runAs } = require('../current');
const { reasonFor } = require('./reasons');
const { connectionLost } = require('../web/errors');
const { knownLength, tellGoneReason } = require('../web/internal');

/** @typedef {import('./target').Context} Context */

const kReadableLocked = 'The ReadableStream has been locked to a reader.';
const kWritableLocked = 'This WritableStream is currently locked to a writer.';
const kDisconnected = 'ReadableStream received over RPC disconnected prematurely.';
const kAborted =
  'WritableStream received over RPC was disconnected because the remote execution context has ended.';
const kCancelled = 'Stream was cancelled.';
const kReleased =
  'ReadableStream sent over RPC was canceled or released by the remote execution context.';

const encoder = new TextEncoder();

/** @param {unknown} chunk @returns {Uint8Array | undefined} undefined: not bytes. A copy: the sender may go on to use its own. */
function toBytes(chunk) {
  if (typeof chunk === 'string') return encoder.encode(chunk);
  if (chunk instanceof ArrayBuffer) return new Uint8Array(chunk.slice(0));
  if (!ArrayBuffer.isView(chunk)) return undefined;
  return Uint8Array.from(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
}

/**
 * How code of the sender runs: as the sender's, and when an object's gate lets it (S2.5.1).
 * @param {any} host
 * @returns {<T>(run: () => Promise<T>) => Promise<T>}
 */
function runnerAt(host) {
  if (host === undefined) return (run) => run();
  if (!host.isObject) return (run) => runAs(host, run);
  const section = host.currentSection;
  return (run) => host.enter(run, section);
}

/**
 * What binds a stream to the call of a Worker that sends it.
 * @param {any} host
 * @param {boolean} isResult
 * @param {() => void} disconnect
 * @returns {{end: () => void}} to be called when the stream is over
 */
function tieTo(host, isResult, disconnect) {
  if (host?.isObject !== false) return { end() {} };
  if (isResult) {
    host.hold();
    return { end: () => host.release() };
  }
  const tie = { [Symbol.dispose]: disconnect, end: () => host.stubs.delete(tie) };
  host.stubs.add(tie);
  return tie;
}

/**
 * @param {ReadableStream} stream
 * @param {any} host the sender
 * @param {boolean} isResult of a call: that of an entrypoint goes on until the stream ended; else the stream ends with its sender
 * @returns {ReadableStream}
 */
function moveReadable(stream, host, isResult) {
  if (stream.locked) throw new TypeError(kReadableLocked);
  const reader = stream.getReader();
  const runAt = runnerAt(host);
  let isReading = false;
  const length = knownLength(stream);
  /** @type {ReadableByteStreamController} */
  let controller;
  const disconnect = () =>
    controller.error(length === undefined ? new Error(kDisconnected) : connectionLost(undefined));
  const tie = tieTo(host, isResult, disconnect);
  const fail = () => {
    disconnect();
    tie.end();
  };
  /** Why nobody takes the rest, when it was not the receiver's code that said so. @type {Error | undefined} */
  let released;
  const moved = new ReadableStream(
    {
      type: 'bytes',
      start(given) {
        controller = given;
      },
      async pull() {
        let bytes;
        try {
          if (host?.isBroken) throw host.reason;
          do {
            isReading = true;
            const { value, done } = await runAt(() => reader.read());
            isReading = false;
            if (done) {
              controller.close();
              controller.byobRequest?.respond(0);
              tie.end();
              return;
            }
            bytes = toBytes(value);
          } while (bytes?.byteLength === 0);
        } catch {
          fail(); // the sender's error stays there
          return;
        }
        if (bytes !== undefined) {
          controller.enqueue(/** @type {any} */ (bytes));
          return;
        }
        fail();
        reader.cancel(new TypeError(kCancelled)).catch(() => {});
      },
      async cancel(reason) {
        tie.end();
        // As in workerd: a source that is ahead has something on its way, which is lost.
        const why = isReading
          ? (reasonFor(reason) ?? new Error(kCancelled))
          : connectionLost(undefined);
        await runAt(() => reader.cancel(released ?? why));
      },
    },
    { highWaterMark: 1 }, // one chunk ahead of the reader, as in workerd
  );
  tellGoneReason(moved, () => {
    released = Object.assign(new Error(kReleased), { retryable: true });
  });
  return moved;
}

/**
 * @param {WritableStream} stream
 * @param {any} host the sender
 * @returns {WritableStream}
 */
function moveWritable(stream, host) {
  if (stream.locked) throw new TypeError(kWritableLocked);
  const writer = stream.getWriter();
  writer.closed.catch(() => {}); // the other side sees it
  const runAt = runnerAt(host);
  return new WritableStream({
    async write(chunk) {
      const bytes = toBytes(chunk);
      if (bytes === undefined) {
        throw new TypeError(
          'This WritableStream only supports writing byte types: pass an ArrayBuffer, an ArrayBufferView or a string.',
        );
      }
      await runAt(() => writer.write(bytes));
    },
    close: () => runAt(() => writer.close()),
    // The reason stays at the side that gave it, as in workerd.
    abort: () => runAt(() => writer.abort(new Error(kAborted))),
  });
}

module.exports = { moveReadable, moveWritable, kReadableLocked };
