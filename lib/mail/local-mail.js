'use strict';
// LocalMail: mail in development: nothing leaves, each message becomes a file, and a line of the log says which, as in `wrangler dev`.
//
// Files of an earlier session are removed by the first of this one, so that they do not gather.

const fs = require('node:fs/promises');
const path = require('node:path');
const { listOf, shownAddress } = require('./addresses');
const { bareId } = require('./message-id');

const kExtension = /\.([A-Za-z0-9][A-Za-z0-9_-]{0,31})$/u;

class LocalMail {
  /** @type {string | undefined} */
  directory;
  /** @type {Promise<void> | undefined} */
  #cleared;
  #log;

  /** @param {(line: string) => void} log */
  constructor(log) {
    this.#log = log;
  }

  /** @param {string} text of which the Worker may have made a part: no character in it controls a terminal */
  write(text) {
    // eslint-disable-next-line no-control-regex -- they are what is looked for
    const shown = text.replace(/[\u0000-\u0009\u000b-\u001f\u007f]/gu, (character) => {
      return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
    });
    this.#log(shown);
  }

  /** @param {import('./outbox').Outgoing} message @param {import('./compose').Builder} [builder] what it was made of */
  async keep(message, builder) {
    const { kind, binding, to, raw, messageId } = message;
    if (kind === 'forward') this.write(`The email handler forwarded a message to ${to}.`);
    else if (kind === 'reply')
      this.write(
        `The email handler replied to ${to}: ${await this.#file('reply', messageId, 'eml', raw)}`,
      );
    else if (builder === undefined)
      this.write(
        `env.${binding} sent a message to ${to}: ${await this.#file('email', messageId, 'eml', raw)}`,
      );
    else this.write(await this.#kept(message, builder));
  }

  /** @param {import('./outbox').Outgoing} message @param {import('./compose').Builder} builder */
  async #kept({ binding, raw, messageId }, builder) {
    const { from, to, cc, bcc, subject, text, html, attachments = [] } = builder;
    const field = (/** @type {string} */ name, /** @type {any} */ given) =>
      given === undefined ? [] : [`${name}: ${listOf(given).map(shownAddress).join(', ')}`];
    const lines = [
      `env.${binding} sent a message: ${await this.#file('email', messageId, 'eml', raw)}`,
      ...[...field('From', from), ...field('To', to), ...field('Cc', cc), ...field('Bcc', bcc)],
      `Subject: ${subject}`,
    ];
    if (text) lines.push(`Text: ${await this.#file('email-text', messageId, 'txt', text)}`);
    if (html) lines.push(`HTML: ${await this.#file('email-html', messageId, 'html', html)}`);
    for (const [index, { filename, content }] of attachments.entries()) {
      const extension = kExtension.exec(filename)?.[1] ?? 'bin';
      const name = `${bareId(messageId)}-${index + 1}`;
      const file = await this.#file('email-attachment', name, extension, asFile(content));
      lines.push(`Attachment: ${filename} -> ${file}`);
    }
    return lines.join('\n');
  }

  /**
   * @param {string} kind
   * @param {string} id
   * @param {string} extension
   * @param {string | Uint8Array} contents
   * @returns {Promise<string>} its path
   */
  async #file(kind, id, extension, contents) {
    const root = this.directory;
    if (root === undefined) return '(not kept: there is no project directory)';
    this.#cleared ??= fs.rm(root, { recursive: true, force: true });
    await this.#cleared;
    const directory = path.join(root, kind);
    await fs.mkdir(directory, { recursive: true });
    const name = bareId(id).replace(/[^A-Za-z0-9._@-]/gu, '_');
    const file = path.join(directory, `${name}.${extension}`);
    await fs.writeFile(file, contents);
    return file;
  }
}

/** @param {import('./compose').Attachment['content']} content */
function asFile(content) {
  if (typeof content === 'string') return content;
  if (!ArrayBuffer.isView(content)) return new Uint8Array(content);
  return new Uint8Array(content.buffer, content.byteOffset, content.byteLength);
}

module.exports = { LocalMail };
