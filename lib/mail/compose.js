'use strict';
// compose: the raw message of what a Worker gave as fields: `{ from, to, subject, text, html, attachments, ... }`.

const { latePackage } = require('../late-package');
const { bareAddress, listOf } = require('./addresses');
const { kMessageBytesMax, kTooLarge } = require('./read-raw');

/** @type {() => typeof import('nodemailer')} */
const nodemailer = latePackage('nodemailer');

/** Those that have a field of their own, or are made here. */
const kManaged = new Set([
  'bcc',
  'cc',
  'content-transfer-encoding',
  'content-type',
  'date',
  'from',
  'message-id',
  'mime-version',
  'reply-to',
  'subject',
  'to',
]);
/** An attachment alone would be the message itself; an empty text is none for nodemailer. */
const kNothing = Buffer.alloc(0);
const kToken = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
const kMimeType = new RegExp(`^${kToken}/${kToken}$`, 'u');

/** @typedef {import('./addresses').Address} Address */

/**
 * @typedef {object} Attachment
 * @property {string} filename
 * @property {string} type
 * @property {'attachment' | 'inline'} [disposition]
 * @property {string} [contentId]
 * @property {string | ArrayBuffer | ArrayBufferView} content text is base64
 *
 * @typedef {object} Builder
 * @property {Address} from
 * @property {Address | Address[]} [to]
 * @property {Address | Address[]} [cc]
 * @property {Address | Address[]} [bcc] they are not named in the message
 * @property {Address} [replyTo]
 * @property {string} subject
 * @property {string} [text]
 * @property {string} [html]
 * @property {Record<string, string>} [headers]
 * @property {Attachment[]} [attachments]
 */

/**
 * @param {Builder} builder
 * @param {string} messageId
 * @param {Record<string, string>} [threading] fields that win over those of `headers`
 * @returns {Promise<Uint8Array>}
 * @throws {RangeError} it is larger than a message may be
 */
async function compose(builder, messageId, threading = {}) {
  const { from, to, cc, replyTo, subject, text, html, headers = {}, attachments = [] } = builder;
  const own = Object.entries(headers).filter(
    ([name]) => !kManaged.has(name.toLowerCase()) && !isAmong(threading, name),
  );
  const transport = nodemailer().createTransport({ streamTransport: true, buffer: true });
  const { message } = await transport.sendMail({
    disableFileAccess: true,
    disableUrlAccess: true,
    from: mailbox(from),
    to: listOf(to).map(mailbox),
    cc: listOf(cc).map(mailbox),
    replyTo: replyTo === undefined ? undefined : mailbox(replyTo),
    subject,
    messageId,
    headers: { ...threading, ...Object.fromEntries(own) },
    text: text || (html ? undefined : kNothing),
    html: html || undefined,
    attachments: attachments.map(attachment),
  });
  const raw = new Uint8Array(/** @type {Buffer} */ (message));
  if (raw.byteLength > kMessageBytesMax) throw new RangeError(kTooLarge);
  return raw;
}

/** @param {Address} address */
const mailbox = (address) =>
  typeof address === 'string' ? address : { name: address.name, address: bareAddress(address) };

/** @param {Attachment} given */
function attachment({ filename, type, disposition = 'attachment', contentId, content }) {
  return {
    filename,
    contentType: type,
    contentDisposition: disposition,
    ...(disposition === 'inline' && contentId ? { cid: contentId.replace(/^<|>$/g, '') } : {}),
    content: attachedBytes(content),
  };
}

/** Text that is no base64 is what it says. @param {Attachment['content']} content */
function attachedBytes(content) {
  if (typeof content !== 'string')
    return ArrayBuffer.isView(content)
      ? Buffer.from(content.buffer, content.byteOffset, content.byteLength)
      : Buffer.from(content);
  return isBase64(content) ? Buffer.from(content, 'base64') : Buffer.from(content);
}

/** @param {string} text */
function isBase64(text) {
  const characters = text.replace(/\s/gu, '');
  return characters.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/u.test(characters);
}

/**
 * What a reply is held to.
 * @param {Builder} builder
 * @param {string} recipient
 * @throws {Error}
 */
function checkReply({ from, replyTo, subject, headers = {}, attachments = [] }, recipient) {
  const lines = [
    ...[from, ...listOf(replyTo)].flatMap((address) =>
      typeof address === 'string' ? [address] : [address.name, address.email],
    ),
    recipient,
    subject,
    ...attachments.flatMap(({ filename, contentId }) => [filename, contentId]),
  ];
  if (lines.some(hasControls)) throw new Error('invalid headers set');
  for (const { type, disposition, contentId, content } of attachments) {
    const isInline = disposition === 'inline';
    const isKnown = [undefined, 'inline', 'attachment'].includes(disposition);
    if (!kMimeType.test(type) || !isKnown || (isInline && !contentId))
      throw new Error('invalid attachment');
    if (typeof content === 'string' && !isBase64(content))
      throw new Error('invalid attachment content');
  }
  const isToken = (/** @type {string} */ name) => new RegExp(`^${kToken}$`, 'u').test(name);
  if (
    Object.values(headers).some(hasControls) ||
    !Object.keys(headers).every(isToken) ||
    isAmong(headers, 'received')
  )
    throw new Error('invalid headers set');
}

/** @param {string | undefined} text */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const hasControls = (text) => text !== undefined && /[\u0000-\u001f\u007f]/u.test(text);

/** @param {object} fields @param {string} name */
const isAmong = (fields, name) =>
  Object.keys(fields).some((one) => one.toLowerCase() === name.toLowerCase());

module.exports = { checkReply, compose };
