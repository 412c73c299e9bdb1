// Media types of Content-Type headers.
'use strict';

const { MIMEType } = require('node:util');

/** @typedef {import('node:util').MIMEType} MimeType */

/** A list with commas; those within quotes are none. */
const PARTS = /(?:"(?:[^"\\]|\\.)*"|[^",]|"(?!.*"))+/g;

/** @param {string} text @returns {MimeType | null} null: it is none */
function parseMimeType(text) {
  try {
    return new MIMEType(text);
  } catch {
    return null;
  }
}

/**
 * @param {string} contentType perhaps of several headers
 * @returns {string} the last type that is one, written as workerd does: with a space before a boundary; or ''
 */
function extractMimeType(contentType) {
  const types = (contentType.match(PARTS) ?? []).map(parseMimeType);
  const last = types.findLast((type) => type !== null && type.essence !== '*/*');
  return last?.toString().replace(';boundary=', '; boundary=') ?? '';
}

module.exports = { parseMimeType, extractMimeType };
