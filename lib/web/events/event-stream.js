// EventStreamParser: text/event-stream, as the HTML standard has it, from text to messages.
'use strict';

/** @typedef {{type: string, data: string, id: string}} StreamedMessage */

class EventStreamParser {
  /** Text of a line that has no end yet. */
  #rest = '';
  /** @type {string[]} */
  #data = [];
  #type = '';
  /** The `id` of the last message that had one. */
  lastId = '';
  /** What the stream asks for, in milliseconds. @type {number | undefined} */
  retryMs;

  /** @param {string} text without a byte order mark @returns {StreamedMessage[]} those that are complete */
  push(text) {
    /** @type {StreamedMessage[]} */
    const messages = [];
    this.#rest += text;
    // A CR at the end may be the first half of CRLF.
    const lines = this.#rest.split(/\r\n|\n|\r(?!$)/);
    this.#rest = /** @type {string} */ (lines.pop());
    for (const line of lines) {
      const message = line === '' ? this.#end() : this.#field(line);
      if (message) messages.push(message);
    }
    return messages;
  }

  /** @returns {StreamedMessage | undefined} */
  #end() {
    const data = this.#data.join('\n');
    const type = this.#type || 'message';
    this.#data = [];
    this.#type = '';
    return data === '' ? undefined : { type, data, id: this.lastId };
  }

  /** @param {string} line @returns {undefined} */
  #field(line) {
    const [, name, value] = /** @type {RegExpExecArray} */ (/^([^:]*)(?:: ?(.*))?$/s.exec(line));
    const text = value ?? '';
    if (name === 'data') this.#data.push(text);
    else if (name === 'event') this.#type = text;
    else if (name === 'id' && !text.includes('\0')) this.lastId = text;
    else if (name === 'retry' && /^\d+$/.test(text)) this.retryMs = Number(text);
  }
}

module.exports = { EventStreamParser };
