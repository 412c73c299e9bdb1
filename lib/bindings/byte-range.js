'use strict';
// toRange: a Range header (RFC 9110, 14.2). Pure.

/**
 * One range of bytes. Several are more than we answer in one body: the whole is right, too (RFC 9110, 14.2).
 * @param {string | null} header
 * @param {number} size
 * @returns {{start: number, end: number} | 'whole' | 'unsatisfiable'} `end` is behind the last byte
 */
function toRange(header, size) {
  if (header === null || header.includes(',')) return 'whole';
  const match = /^ *bytes *=([^,]*)$/i.exec(header);
  if (match === null) return 'unsatisfiable';
  const range = /^ *(\d*) *- *(\d*) *$/.exec(match[1]);
  if (range === null || (range[1] === '' && range[2] === '')) return 'unsatisfiable';
  if (range[1] === '') {
    const last = Number(range[2]);
    if (last === 0) return 'unsatisfiable';
    return { start: Math.max(0, size - last), end: size };
  }
  const start = Number(range[1]);
  const end = range[2] === '' ? size : Math.min(Number(range[2]) + 1, size);
  return start >= size || start >= end ? 'unsatisfiable' : { start, end };
}

module.exports = { toRange };
