'use strict';
// Outbox: where mail of the Workers of a runtime leaves: through a function of the program, an SMTP server, or, for development, into files.
//
// Ways it fails: none of them is given, or it refuses the message: deliver() rejects, and with it the Worker's call.
//
// Thread: the shard's. Owner: the shard. Nothing is open before the first message.

const { latePackage } = require('../late-package');
const { LocalMail } = require('./local-mail');
const { messageOf } = require('./read-raw');

/** @type {() => typeof import('nodemailer')} */
const nodemailer = latePackage('nodemailer');

const kConnectMs = 10_000;
/** Without a word of the server. */
const kSilenceMs = 60_000;
const kNowhere =
  'Mail cannot leave: there is no way out. Give createRuntime({ mail: { deliver } }), a function that sends it, or the address of an ' +
  'SMTP server, createRuntime({ mail: { smtp } }) or --smtp.';

/**
 * A message that leaves.
 * @typedef {object} Outgoing
 * @property {'send' | 'forward' | 'reply'} kind
 * @property {string} worker its name
 * @property {string} [binding] of `send`
 * @property {string} from of the envelope
 * @property {string[]} to of the envelope
 * @property {Uint8Array} raw
 * @property {string} messageId
 */

/** @typedef {{deliver?: (message: Outgoing) => unknown, smtp?: string}} MailOptions one of the two */
/** @typedef {(message: Outgoing, builder?: import('./compose').Builder) => unknown} Deliver */

class Outbox {
  /** @type {Deliver} */
  #deliver;
  /** @type {LocalMail | undefined} */
  #local;
  /** Whether the program says where mail goes. */
  #isGiven;
  /** @type {import('nodemailer').Transporter | undefined} */
  #smtp;

  /** @param {{mail?: MailOptions, development?: boolean}} options of createRuntime() */
  constructor({ mail = {}, development = false }) {
    const { deliver, smtp } = mail;
    this.#isGiven = deliver !== undefined || smtp !== undefined;
    if (development) this.#local = new LocalMail((line) => console.error(line));
    if (deliver !== undefined) this.#deliver = (message) => deliver(message);
    else if (smtp !== undefined) this.#deliver = (message) => this.#send(smtp, message);
    else this.#deliver = (message, builder) => this.#keep(message, builder);
  }

  /** Files of development go there; the first call counts. @param {string} directory */
  writeTo(directory) {
    if (this.#local !== undefined) this.#local.directory ??= directory;
  }

  /** For lib/testing: it gets all messages, and nothing leaves unless the program says where to. @param {Deliver} deliver */
  divert(deliver) {
    const given = this.#isGiven ? this.#deliver : undefined;
    this.#deliver = async (message, builder) => {
      await given?.(message, builder);
      await deliver(message, builder);
    };
  }

  /**
   * @param {Outgoing} message
   * @param {import('./compose').Builder} [builder] what it was made of
   * @returns {Promise<void>} when whoever takes it over has it
   */
  async deliver(message, builder) {
    await this.#deliver(message, builder);
  }

  /** What whoever develops may want to know. @param {string} line */
  note(line) {
    this.#local?.write(line);
  }

  /** @param {Outgoing} message @param {import('./compose').Builder} [builder] */
  async #keep(message, builder) {
    if (this.#local === undefined) throw new Error(kNowhere);
    await this.#local.keep(message, builder);
  }

  /** @param {string} url @param {Outgoing} message */
  async #send(url, { from, to, raw }) {
    this.#smtp ??= nodemailer().createTransport({
      url,
      pool: true,
      connectionTimeout: kConnectMs,
      greetingTimeout: kConnectMs,
      socketTimeout: kSilenceMs,
    });
    try {
      const { rejected = [] } = await this.#smtp.sendMail({
        envelope: { from, to },
        raw: Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength),
      });
      if (rejected.length > 0) throw new Error(`refused for ${rejected.join(', ')}`);
    } catch (error) {
      throw undelivered(error);
    }
  }

  /** Connections end. */
  close() {
    this.#smtp?.close();
    this.#smtp = undefined;
  }
}

/** @param {unknown} error */
const undelivered = (error) => new Error(`The mail could not be delivered: ${messageOf(error)}`);

module.exports = { Outbox };
