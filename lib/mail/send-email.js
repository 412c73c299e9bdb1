'use strict';
// bindSendEmail: `send_email` bindings (S8.7.1): `env.NAME.send(message)`.
//
// A binding is a service with one method, as in miniflare: what is sent is copied, and inside of an object it leaves when what the object has
// written is durable.

const { Headers } = require('../web/fetch/headers');
const { makeService } = require('../workers/service-stub');
const { Worker } = require('../workers/worker');
const { WorkerEntrypoint } = require('../workers/worker-entrypoint');
const { bareAddress, listOf } = require('./addresses');
const { compose } = require('./compose');
const { isRaw, kRaw } = require('./email-message');
const { withMessageId } = require('./header-fields');
const { newMessageId } = require('./message-id');
const { kRecipientsMax, parse, readRaw, unreadable } = require('./read-raw');

/**
 * @param {import('./outbox').Outbox} outbox
 * @param {import('../workers/worker').Worker} worker
 * @param {import('../config/bindings/send-email').SendEmailBinding[]} bindings
 */
function bindSendEmail(outbox, worker, bindings) {
  for (const binding of bindings) {
    const { name, flags } = worker;
    const behind = new Worker({ name: `${name} (${binding.name})`, flags, env: {} });
    const send = (/** @type {any} */ message) => sendBy(outbox, name, binding, message);
    behind.module = {
      default: class SendEmail extends WorkerEntrypoint {
        /** @param {any} message */
        send(message) {
          return send(message);
        }
      },
    };
    behind.isLoaded = true;
    worker.env[binding.name] = makeService(behind, 'default', {});
  }
}

/**
 * @param {import('./outbox').Outbox} outbox
 * @param {string} worker
 * @param {import('../config/bindings/send-email').SendEmailBinding} binding
 * @param {any} message an EmailMessage, or its fields
 * @returns {Promise<{messageId: string}>}
 */
async function sendBy(outbox, worker, binding, message) {
  const isMessage = isRaw(message);
  const from = isMessage ? message.from : bareAddress(message.from);
  checkSender(binding, from);
  const to = isMessage
    ? [message.to]
    : [...new Set([message.to, message.cc, message.bcc].flatMap(listOf).map(bareAddress))];
  checkRecipients(binding, to);
  const messageId = newMessageId(from);
  const raw = isMessage
    ? withMessageId(await checkedRaw(message), messageId)
    : await compose(message, messageId);
  await outbox.deliver(
    { kind: 'send', worker, binding: binding.name, from, to, raw, messageId },
    isMessage ? undefined : message,
  );
  return { messageId };
}

/** @param {import('../config/bindings/send-email').SendEmailBinding} binding @param {string} from */
function checkSender({ allowedSenders }, from) {
  if (allowedSenders !== undefined && !allowedSenders.includes(from))
    throw new Error(`email from ${from} not allowed`);
}

/** @param {import('../config/bindings/send-email').SendEmailBinding} binding @param {string[]} recipients */
function checkRecipients({ destination, allowedDestinations }, recipients) {
  for (const to of recipients) {
    const isOther = destination !== undefined && to !== destination;
    if (isOther || allowedDestinations?.includes(to) === false)
      throw new Error(`email to ${to} not allowed`);
  }
  if (recipients.length === 0) throw new Error('email has no recipients');
  if (recipients.length > kRecipientsMax)
    throw new Error(
      `email has ${recipients.length} recipients, and at most ${kRecipientsMax} are allowed`,
    );
}

/** @param {any} message an EmailMessage @returns {Promise<Uint8Array>} */
async function checkedRaw({ from, [kRaw]: given }) {
  const raw = await readRaw(given);
  /** @type {import('./read-raw').Email} */
  let email;
  /** @type {Headers} */
  let headers;
  try {
    email = await parse(raw);
  } catch (error) {
    throw unreadable(error);
  }
  if (email.messageId === undefined) throw new Error('invalid message-id');
  try {
    headers = new Headers(email.headers.map(({ key, value }) => [key, value]));
  } catch (error) {
    throw unreadable(error);
  }
  if (email.from?.address !== from) throw new Error('From: header does not match mail from');
  if (headers.has('received')) throw new Error('invalid headers set');
  return raw;
}

module.exports = { bindSendEmail };
