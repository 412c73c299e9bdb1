// Terminal: what the command line prints. Standard output gets what was asked for and nothing else: the `Ready` line, or the
// lines of a report.
'use strict';

const { errorMessage, shortenPaths } = require('./messages');

/** @typedef {{write(text: string): unknown}} Output */

class Terminal {
  #stdout;
  #stderr;
  #cwd;
  #debug;
  /** Where the server is, once it is ready. @type {string | undefined} */
  url;

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
    if (this.url !== undefined) this.#stderr.write('Reloaded\n');
    else this.#stdout.write(`Ready on ${url}\n`);
    this.url = url;
  }

  /** The lines of a report. @param {readonly string[]} lines */
  print(lines) {
    for (const line of lines) this.#stdout.write(`${shortenPaths(line, this.#cwd)}\n`);
  }

  /** @param {readonly string[]} lines */
  warn(lines) {
    for (const line of lines) {
      this.#stderr.write(`warning: ${shortenPaths(line, this.#cwd).replace(/\s*\n\s*/g, ' ')}\n`);
    }
  }

  /** @param {unknown} error */
  error(error) {
    this.#stderr.write(`${errorMessage(error, { cwd: this.#cwd, debug: this.#debug })}\n`);
  }
}

module.exports = { Terminal };
