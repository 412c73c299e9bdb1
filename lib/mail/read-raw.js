'use strict';
// readRaw and parse: a message as it travels, whole in memory and within its limit, and what its header says.

const { latePackage } = require('../late-package');
const { Response } = require('../web/fetch/response');

/** Its parser is the one of miniflare. @type {() => typeof import('postal-mime')} */
const postalMime = latePackage('postal-mime');

/** Of a message with everything in it, as at Cloudflare. */
const kMessageBytesMax = 26_214_400;
/** Of `to`, `cc` and `bcc` together, as at Cloudflare. */
const kRecipientsMax = 50;

const kTooLarge = 'Email message size is bigger than the production size limit of 25 MiB.';

/** @typedef {import('postal-mime').Email} Email */

/**
 * @param {any} raw text, bytes or a stream of bytes
 * @returns {Promise<Uint8Array>}
 * @throws {RangeError} it is larger than kMessageBytesMax; the rest of a stream is not read
 */
async function readRaw(raw) {
  const body = new Response(raw).body;
  const chunks = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.byteLength;
    if (length > kMessageBytesMax) throw new RangeError(kTooLarge);
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks, length));
}

/** @param {Uint8Array} raw @returns {Promise<Email>} rejects when it is no message */
const parse = (raw) => postalMime().parse(raw);

/** @param {unknown} error */
const messageOf = (error) => (error instanceof Error ? error.message : String(error));

/** @param {unknown} error of a parser @returns {Error} as the sender of the message gets it */
const unreadable = (error) => new Error(`could not parse email: ${messageOf(error)}`);

module.exports = {
  kMessageBytesMax,
  kRecipientsMax,
  kTooLarge,
  messageOf,
  parse,
  readRaw,
  unreadable,
};
