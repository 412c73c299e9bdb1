'use strict';
// replyTo: what `message.reply()` sends, with the checks of miniflare.

const { Headers } = require('../web/fetch/headers');
const { bareAddress, shownAddress } = require('./addresses');
const { checkReply, compose } = require('./compose');
const { withFields, withMessageId } = require('./header-fields');
const { isRaw, kRaw } = require('./email-message');
const { newMessageId } = require('./message-id');
const { parse, readRaw, unreadable } = require('./read-raw');

/** Whoever writes back and forth with an automaton stops there. */
const kReferencesMax = 100;
const kTooManyReferences =
  'The message that came has 100 or more entries in its References header, so it cannot be replied to.';

/** @typedef {import('./read-raw').Email} Email */
/** @typedef {Email & {messageId: string}} Identified */

/**
 * RFC 3834: no reply to what was sent by a program.
 * @param {Email} email
 * @param {Headers} headers its own
 * @param {(line: string) => void} log
 */
function isReplyable({ inReplyTo, references }, headers, log) {
  const suppress = headers.get('x-auto-response-suppress')?.toLowerCase() ?? 'none';
  const submitted = headers.get('auto-submitted')?.toLowerCase() ?? 'no';
  if (suppress !== 'none' || submitted !== 'no') return false;
  if (inReplyTo === undefined || references === undefined) return inReplyTo === references;
  if ((references.match(/@/g)?.length ?? 0) < kReferencesMax) return true;
  log(kTooManyReferences);
  return false;
}

/**
 * @param {Identified} email that came
 * @param {string} recipient who sent it
 * @param {any} reply an EmailMessage, or its fields
 * @returns {Promise<{raw: Uint8Array, messageId: string, from: string, sender: string}>} from: without a name
 */
async function replyTo(email, recipient, reply) {
  if (!isRaw(reply)) return composed(email, recipient, reply);
  const { from } = reply;
  const raw = await checked(email, from, reply[kRaw]);
  const messageId = newMessageId(from);
  return { raw: withMessageId(raw, messageId), messageId, from, sender: from };
}

/** @param {Identified} email @param {string} from @param {any} given */
async function checked({ messageId, references = '' }, from, given) {
  const raw = await readRaw(given);
  /** @type {Email} */
  let reply;
  try {
    reply = await parse(raw);
  } catch (error) {
    throw unreadable(error);
  }
  if (reply.from?.address !== from) throw new Error('From: header does not match mail from');
  if (reply.messageId === undefined && reply.headers.some(({ key }) => key === 'message-id'))
    throw new Error('invalid message-id');
  const headers = new Headers(reply.headers.map(({ key, value }) => [key, value]));
  if (headers.has('received')) throw new Error('invalid headers set');
  if (reply.inReplyTo === undefined)
    throw new Error('no In-Reply-To header found in reply message');
  if (reply.inReplyTo !== messageId)
    throw new Error('In-Reply-To does not match original Message-ID');
  if (reply.references === undefined)
    return withFields(raw, [['References', `${references} ${messageId}`.trim()]]);
  if (reply.references.includes(messageId) && reply.references.includes(references)) return raw;
  throw new Error('provided References header is invalid');
}

/** @param {Identified} email @param {string} recipient @param {import('./compose').Builder} builder */
async function composed(email, recipient, builder) {
  checkReply(builder, recipient);
  const from = bareAddress(builder.from);
  const messageId = newMessageId(from);
  const references =
    email.references === undefined ? email.messageId : `${email.references} ${email.messageId}`;
  const raw = await compose({ ...builder, to: recipient, cc: undefined }, messageId, {
    'In-Reply-To': email.messageId,
    References: references,
  });
  return { raw, messageId, from, sender: shownAddress(builder.from) };
}

module.exports = { isReplyable, replyTo };
