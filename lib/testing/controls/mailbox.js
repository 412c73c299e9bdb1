'use strict';
// Mailbox: what Workers under test send, forward and reply; nothing of it leaves the process.
//
// Levels as those of storage: a pop forgets what was sent since the push.

const { parse } = require('../../mail/read-raw');

/** @typedef {import('../../mail/outbox').Outgoing} Outgoing */

class Mailbox {
  /** @type {Outgoing[]} */
  #messages = [];
  /** How many there were at each push. @type {number[]} */
  #levels = [];

  /** @param {Outgoing} message */
  add(message) {
    this.#messages.push(message);
  }

  /** In the order in which they left. */
  list() {
    return Promise.all(this.#messages.map(shown));
  }

  push() {
    this.#levels.push(this.#messages.length);
  }

  /** @param {boolean} keep what came since belongs to the level below */
  pop(keep) {
    const length = this.#levels.pop() ?? 0;
    if (!keep) this.#messages.length = length;
  }

  clear() {
    this.#messages = [];
    this.#levels.fill(0);
  }
}

/** With what it says. @param {Outgoing} message */
async function shown({ raw, ...envelope }) {
  const { subject, text, html, headers, attachments } = await parse(raw);
  return {
    ...envelope,
    subject,
    text: text?.replace(/\r?\n$/, ''),
    html: html?.replace(/\r?\n$/, ''),
    headers: headers.map(({ key, value }) => [key, value]),
    attachments: attachments.map(({ filename, mimeType, content }) => {
      return { filename, type: mimeType, content };
    }),
    raw: new TextDecoder().decode(raw),
  };
}

module.exports = { Mailbox };
