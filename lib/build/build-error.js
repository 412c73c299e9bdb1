// BuildError: the project cannot be bundled. The message lists what is wrong, each with `file:line:column` and the line.
'use strict';

const path = require('node:path');

const ERRORS_SHOWN_MAX = 10;

/** The bundler's advice for a name it does not find is an option of its own, which nobody has here. */
const OPTION_OF_BUNDLER = /^You can mark the path "([^"]*)" as external/;

class BuildError extends Error {
  /**
   * @param {readonly import('esbuild').Message[]} messages at least one
   * @param {string} projectDir
   */
  constructor(messages, projectDir) {
    const shown = messages
      .slice(0, ERRORS_SHOWN_MAX)
      .map((message) => formatMessage(message, projectDir));
    const more = messages.length - shown.length;
    super([...shown, ...(more > 0 ? [`... and ${more} more`] : [])].join('\n'));
    this.name = 'BuildError';
  }
}

/**
 * @param {import('esbuild').Message} message
 * @param {string} projectDir what its paths are relative to
 * @param {{source?: boolean}} [options] `source: false` leaves out the line of code
 * @returns {string}
 */
function formatMessage({ text, location, notes }, projectDir, { source = true } = {}) {
  const hints = source ? notes.flatMap((note) => (note.text ? [`    ${adviceOf(note.text)}`] : [])) : [];
  if (!location) return [text, ...hints].join('\n');
  const { file, line, column, lineText, length } = location;
  const head = `${path.resolve(projectDir, file)}:${line}:${column + 1}: ${text}`;
  if (!source) return head;
  const indent = lineText.length - lineText.trimStart().length;
  const marker = `${' '.repeat(Math.max(column - indent, 0))}${'^'.repeat(Math.max(length, 1))}`;
  return [head, `    ${lineText.trim()}`, `    ${marker}`, ...hints].join('\n');
}

/** @param {string} note of the bundler */
function adviceOf(note) {
  const [, name] = OPTION_OF_BUNDLER.exec(note) ?? [];
  if (name === undefined) return note;
  return `Is it installed? "alias" in the configuration may name another module for "${name}".`;
}

module.exports = { BuildError, formatMessage };
