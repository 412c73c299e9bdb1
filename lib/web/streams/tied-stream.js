// tiedStream: a body on its way out of an object, which ends with an error when the object is reset (S2.7.2): nobody would
// write the rest.
'use strict';

const { goneReason, keepLength } = require('./identity-transform-stream.js');

/** @type {WeakSet<ReadableStream>} */
const tied = new WeakSet();

/**
 * Who writes a body.
 * @typedef {object} BodyWriter
 * @property {(sever: (error: unknown) => void) => () => void} tie `sever` ends the body with an error; what tie() gives is called
 *   when that is not needed any more
 * @property {<T>(run: () => Promise<T>) => Promise<T>} enter runs the writer's code as its own, when its gate lets it
 * @property {() => void} onCancel the receiver does not want the rest
 */

/**
 * @param {ReadableStream} source not locked
 * @param {BodyWriter} writer
 * @returns {ReadableStream}
 */
function tiedStream(source, writer) {
  const reader = source.getReader();
  let untie = () => {};
  const stream = new ReadableStream(
    {
      start(controller) {
        untie = writer.tie((error) => controller.error(error));
      },
      async pull(controller) {
        try {
          const { done, value } = await writer.enter(() => reader.read());
          if (!done) {
            controller.enqueue(value);
            return;
          }
          controller.close();
        } catch (error) {
          controller.error(error);
        }
        untie();
      },
      cancel(reason) {
        untie();
        if (!tied.has(source)) writer.onCancel();
        return writer.enter(() => reader.cancel(reason ?? goneReason(source)));
      },
    },
    { highWaterMark: 0 },
  );
  tied.add(stream);
  keepLength(source, stream);
  return stream;
}

module.exports = {
  tiedStream,
  /** Whether somebody else writes it: who passes it on has nothing to do with it any more. @param {ReadableStream} stream */
  isPassedOn: (stream) => tied.has(stream),
};
