'use strict';
// receive: a message that came for a Worker: it is checked, its `email` handler is called, and what that did with it is told (S9.1.1).
//
// Happy path: the raw message is read whole and parsed; the handler forwards it, replies to it, rejects it, or does none of these; what it
// forwarded and replied leaves by the outbox while it waits.
// Ways it fails: the message is none, or too large: MailRefused, and no handler is called. The handler throws, or there is none: that is
// part of what is told, and what has left has left.

const { Headers } = require('../web/fetch/headers');
const { Response } = require('../web/fetch/response');
const { MissingHandler, runHandler } = require('../workers/run-handler');
const { withFields, withoutField } = require('./header-fields');
const { newMessageId } = require('./message-id');
const { kTooLarge, messageOf, parse, readRaw } = require('./read-raw');
const { isReplyable, replyTo } = require('./reply');

/** No Worker is asked about such a message. */
class MailRefused extends Error {
  name = 'MailRefused';
}

/**
 * @typedef {object} Incoming
 * @property {string} from of the envelope
 * @property {string} to of the envelope
 * @property {any} raw text, bytes or a stream of bytes
 *
 * @typedef {object} Outcome the same as miniflare's
 * @property {'ok' | 'exception'} outcome
 * @property {string} [rejectReason]
 * @property {{messageId: string, recipient: string, headers: [string, string][]}[]} forwards
 * @property {{messageId: string, sender: string, raw: string}[]} replies
 * @property {{type: string, timestamp: string, messageId?: string}[]} events
 */

/**
 * @param {import('../workers/worker').Worker} worker
 * @param {Incoming} incoming
 * @param {import('./outbox').Outbox} outbox
 * @returns {Promise<{result: Outcome, error?: unknown, isUnhandled: boolean}>} error: what the handler threw
 * @throws {MailRefused}
 */
async function receive(worker, incoming, outbox) {
  const { raw, email } = await read(incoming.raw);
  warnOfEnvelope(incoming, email, outbox);
  const reception = new Reception(worker, { ...incoming, raw }, email, outbox);
  try {
    await runHandler(worker, 'email', reception.message());
    return { result: await reception.result('ok'), isUnhandled: false };
  } catch (error) {
    const isUnhandled = error instanceof MissingHandler;
    const result = await reception.result('exception');
    if (isUnhandled) result.events = [happened('unhandled')];
    return { result, error, isUnhandled };
  }
}

/** @param {any} given @returns {Promise<{raw: Uint8Array, email: import('./reply').Identified}>} */
async function read(given) {
  /** @type {Uint8Array} */
  let raw;
  /** @type {import('./read-raw').Email} */
  let email;
  try {
    raw = withoutField(await readRaw(given), 'bcc');
  } catch (error) {
    throw messageOf(error) === kTooLarge ? new MailRefused(kTooLarge) : error;
  }
  try {
    email = await parse(raw);
  } catch (error) {
    const { name } = /** @type {Error} */ (error);
    throw new MailRefused(`Email could not be parsed: ${name}: ${messageOf(error)}`);
  }
  const { messageId } = email;
  if (messageId === undefined)
    throw new MailRefused('Email could not be parsed: invalid or no message id provided');
  return { raw, email: { ...email, messageId } };
}

/** @param {Incoming} incoming @param {import('./read-raw').Email} email @param {import('./outbox').Outbox} outbox */
function warnOfEnvelope({ from, to }, email, outbox) {
  const sender = email.from?.address ?? '';
  if (sender !== from)
    outbox.note(
      `The sender of the envelope, ${from}, is not the one of the field From, ${sender}.`,
    );
  const named = (email.to ?? []).map(({ address }) => address);
  if (!named.includes(to))
    outbox.note(
      `The recipient of the envelope, ${to}, is not among those of the field To: ${named.join(', ')}.`,
    );
}

/** One message while a handler has it. */
class Reception {
  #worker;
  #incoming;
  #email;
  #outbox;
  #headers;
  /** @type {string | undefined} */
  #rejectReason;
  /** @type {Outcome['forwards']} */
  #forwards = [];
  /** @type {Outcome['replies']} */
  #replies = [];
  /** @type {Outcome['events']} */
  #events = [happened('received')];
  /** What leaves and is not gone yet. @type {Set<Promise<unknown>>} */
  #leaving = new Set();

  /**
   * @param {import('../workers/worker').Worker} worker
   * @param {{from: string, to: string, raw: Uint8Array}} incoming
   * @param {import('./reply').Identified} email
   * @param {import('./outbox').Outbox} outbox
   */
  constructor(worker, incoming, email, outbox) {
    this.#worker = worker;
    this.#incoming = incoming;
    this.#email = email;
    this.#outbox = outbox;
    this.#headers = headersOf(email);
  }

  /** What the handler gets. */
  message() {
    const { from, to, raw } = this.#incoming;
    return {
      from,
      to,
      raw: new Response(raw).body,
      rawSize: raw.byteLength,
      headers: new Headers(this.#headers),
      canBeForwarded: true,
      setReject: (/** @type {unknown} */ reason) => this.#reject(`${reason}`),
      forward: (/** @type {string} */ recipient, /** @type {any} */ headers) =>
        this.#leave(this.#forward(`${recipient}`, headers)),
      reply: (/** @type {any} */ reply) => this.#leave(this.#reply(reply)),
    };
  }

  /** Waits also for what the handler did not wait for. @param {'ok' | 'exception'} outcome @returns {Promise<Outcome>} */
  async result(outcome) {
    while (this.#leaving.size > 0) await Promise.allSettled(this.#leaving);
    return {
      outcome,
      rejectReason: this.#rejectReason,
      forwards: this.#forwards,
      replies: this.#replies,
      events: this.#events,
    };
  }

  /** @template T @param {Promise<T>} promise */
  #leave(promise) {
    this.#leaving.add(promise);
    const end = () => void this.#leaving.delete(promise);
    promise.then(end, end);
    return promise;
  }

  /** @param {string} reason */
  #reject(reason) {
    this.#outbox.note(`The email handler rejected a message: "${reason}"`);
    this.#events.push(happened('reject'));
    this.#rejectReason = reason;
  }

  /** @param {string} recipient @param {any} given */
  async #forward(recipient, given) {
    const headers = given === undefined ? [] : [...new Headers(given)];
    const { from, raw } = this.#incoming;
    const messageId = newMessageId(recipient);
    await this.#outbox.deliver({
      kind: 'forward',
      worker: this.#worker.name,
      from,
      to: [recipient],
      raw: headers.length === 0 ? raw : withFields(raw, headers),
      messageId,
    });
    this.#events.push({ ...happened('forward'), messageId });
    this.#forwards.push({ recipient, headers, messageId });
    return { messageId };
  }

  /** @param {any} given */
  async #reply(given) {
    const { from: recipient } = this.#incoming;
    if (!isReplyable(this.#email, this.#headers, (line) => this.#outbox.note(line)))
      throw new Error('Original email is not replyable');
    const { sender, ...reply } = await replyTo(this.#email, recipient, given);
    const { name } = this.#worker;
    await this.#outbox.deliver({ kind: 'reply', worker: name, to: [recipient], ...reply });
    const { messageId, raw } = reply;
    this.#events.push({ ...happened('reply'), messageId });
    this.#replies.push({ messageId, sender, raw: new TextDecoder().decode(raw) });
    return { messageId };
  }
}

/** Without the fields that `Headers` cannot hold. @param {import('./read-raw').Email} email */
function headersOf(email) {
  const headers = new Headers();
  for (const { key, value } of email.headers) {
    try {
      headers.append(key, value);
    } catch {
      // A name with a space, say: the raw message has it.
    }
  }
  return headers;
}

/** @param {string} type */
const happened = (type) => ({ type, timestamp: new Date().toISOString() });

module.exports = { MailRefused, receive };
