'use strict';
// HarnessLogs: what Workers wrote to their console, and what the harness did, in order.

const { format } = require('node:util');

const LEVELS = ['debug', 'error', 'info', 'log', 'warn'];

class HarnessLogs {
  /** @type {{timestamp: number, level: string, message: string}[]} */
  #entries = [];
  /** @type {{timestamp: number, text: string}[]} */
  #timeline = [];

  /** @param {string} text */
  note(text) {
    this.#timeline.push({ timestamp: Date.now(), text });
  }

  /** From now on its console is written down, and not printed. @param {import('../../workers/worker').Worker} worker */
  listenTo(worker) {
    if (worker.scope === undefined) return;
    const own = Object.create(console);
    for (const level of LEVELS)
      own[level] = (/** @type {unknown[]} */ ...args) => {
        const message = format(...args);
        this.#entries.push({ timestamp: Date.now(), level, message });
        this.note(`${worker.name} [${level}] ${message}`);
      };
    worker.scope.globalThis.console = own;
  }

  all() {
    return [...this.#entries];
  }

  clear() {
    this.#entries = [];
  }

  print() {
    const lines = this.#timeline.map(
      ({ timestamp, text }) => `${new Date(timestamp).toISOString()} ${text}`,
    );
    console.log(lines.join('\n'));
  }
}

module.exports = { HarnessLogs };
