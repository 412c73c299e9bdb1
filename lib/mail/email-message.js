'use strict';
// EmailMessage of `cloudflare:email`: a message as it travels, with its envelope.
//
// As in miniflare it is a plain object, whatever made it: it passes through RPC to a binding or an object, its stream with it.

/** Where the message itself is. */
const kRaw = 'EmailMessage::raw';

class EmailMessage {
  /** @param {string} from @param {string} to @param {string | ReadableStream} raw the message */
  constructor(from, to, raw) {
    return { from, to, [kRaw]: raw };
  }
}

/** @param {any} message @returns {boolean} false: it is given as fields */
const isRaw = (message) => kRaw in message;

module.exports = { EmailMessage, isRaw, kRaw };
