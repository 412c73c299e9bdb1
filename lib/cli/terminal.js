// Terminal: what the command line prints. Standard output gets what was asked for and nothing else: the `Ready` line, or the
// lines of a report.
'use strict';

const { jsonLine } = require('../log/log-lines');
const { errorMessage, shortenPaths } = require('./messages');

/** @typedef {{write(text: string): unknown}} Output */

class Terminal {
  #stdout;
  #stderr;
  #cwd;
  #debug;
  /** Where the server is, once it is ready. @type {string | undefined} */
  url;
  /** Of all but reports. @type {'text' | 'json'} */
  format = 'text';

  /** @param {{stdout: Output, stderr: Output, cwd: string, debug: boolean}} options */
  constructor({ stdout, stderr, cwd, debug }) {
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.#cwd = cwd;
    this.#debug = debug;
  }

  /**
   * The first time it says where the server is; after a reload it says so to standard error.
   * @param {string} url
   */
  ready(url) {
    if (this.url !== undefined) this.#say(this.#stderr, 'info', 'Reloaded');
    else this.#say(this.#stdout, 'info', `Ready on ${url}`);
    this.url = url;
  }

  /** @param {Output} output @param {import('../log/log-lines').Level} level @param {string} text */
  #say(output, level, text) {
    const isJson = this.format === 'json';
    output.write(isJson ? jsonLine(level, text, {}, Date.now()) : `${text}\n`);
  }

  /** The lines of a report. @param {readonly string[]} lines */
  print(lines) {
    for (const line of lines) this.#stdout.write(`${shortenPaths(line, this.#cwd)}\n`);
  }

  /** @param {readonly string[]} lines */
  warn(lines) {
    for (const line of lines) {
      const text = shortenPaths(line, this.#cwd).replace(/\s*\n\s*/g, ' ');
      this.#say(this.#stderr, 'warn', this.format === 'json' ? text : `warning: ${text}`);
    }
  }

  /** @param {unknown} error */
  error(error) {
    this.#say(this.#stderr, 'error', errorMessage(error, { cwd: this.#cwd, debug: this.#debug }));
  }
}

module.exports = { Terminal };
