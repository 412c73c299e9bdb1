'use strict';
// What the service behind an R2 bucket refuses, with its texts and codes. The binding puts the name of the operation in front.

const kRefusals = {
  internal: [10001, 'We encountered an internal error. Please try again.'],
  objectTooLarge: [100100, 'Your proposed upload exceeds the maximum allowed object size.'],
  partTooSmall: [10011, 'Your proposed upload is smaller than the minimum allowed object size.'],
  metadataTooLarge: [10012, 'Your metadata headers exceed the maximum allowed metadata size.'],
  objectName: [10020, 'The specified object name is not valid.'],
  maxKeys: [10022, 'MaxKeys params must be positive integer <= 1000.'],
  noUpload: [10024, 'The specified multipart upload does not exist.'],
  noPart: [10025, 'One or more of the specified parts could not be found.'],
  range: [10039, 'The requested range is not satisfiable'],
  badUpload: [10048, 'There was a problem with the multipart upload.'],
};
const kBadDigest = 10037;

/** What a store throws; R2Bucket makes the error that users see. */
class R2Refusal extends Error {
  /** @param {number} code @param {string} text */
  constructor(code, text) {
    super(text);
    this.code = code;
  }
}

/** @param {keyof typeof kRefusals} name @returns {R2Refusal} */
function refusal(name) {
  const [code, text] = kRefusals[name];
  return new R2Refusal(Number(code), String(text));
}

/** @param {string} algorithm @param {string} given hexadecimal @param {string} computed */
function badDigest(algorithm, given, computed) {
  const text =
    `The ${algorithm} checksum you specified did not match what we received.\n` +
    `You provided a ${algorithm} checksum with value: ${given}\nActual ${algorithm} was: ${computed}`;
  return new R2Refusal(kBadDigest, text);
}

/**
 * @template T
 * @param {string} operation
 * @param {() => T | Promise<T>} run
 * @returns {Promise<T>} rejects with the error that users see
 */
function named(operation, run) {
  const running = (async () => run())();
  return running.catch((error) => {
    if (!(error instanceof R2Refusal)) throw error;
    throw new Error(`${operation}: ${error.message} (${error.code})`);
  });
}

module.exports = { R2Refusal, badDigest, named, refusal };
