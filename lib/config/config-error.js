// ConfigError: something is wrong in a file the user wrote; the message starts with the place, `file:line:column: `.
'use strict';

/** @typedef {{file?: string, line?: number, column?: number}} Place Lines and columns count from 1. */

class ConfigError extends Error {
  /**
   * @param {string} problem What is wrong and what to do, without the place.
   * @param {Place} [place]
   */
  constructor(problem, place = {}) {
    super(`${formatPlace(place)}${problem}`);
    this.name = 'ConfigError';
    this.problem = problem;
    this.file = place.file;
    this.line = place.line;
    this.column = place.column;
  }
}

/** @param {Place} place */
function formatPlace({ file, line, column }) {
  if (!file) return '';
  if (!line) return `${file}: `;
  return column ? `${file}:${line}:${column}: ` : `${file}:${line}: `;
}

module.exports = { ConfigError };
