'use strict';
// The header fields of a raw message (RFC 5322, 2.2), taken out and put in by their bytes: everything else of a message stays as it came,
// so that its signatures hold.

/** Lines with what ends them. */
const kLines = /[^\n]*\n|[^\n]+$/g;

/**
 * @param {Uint8Array} raw
 * @param {string} name lower case
 * @returns {Uint8Array} the message without the fields of that name
 */
function withoutField(raw, name) {
  const { head } = split(raw);
  let isTaken = false;
  const kept = (head.match(kLines) ?? []).filter((line) => {
    if (!/^[ \t]/.test(line)) isTaken = line.slice(0, name.length + 1).toLowerCase() === `${name}:`;
    return !isTaken;
  });
  const left = kept.join('');
  return left.length === head.length ? raw : joined(left, raw.subarray(head.length));
}

/**
 * @param {Uint8Array} raw
 * @param {string} messageId
 * @returns {Uint8Array} the message with this `Message-ID` alone
 * @throws {Error} its header is not one
 */
function withMessageId(raw, messageId) {
  const { head, hasEnd } = split(raw);
  if (!hasEnd) throw new Error('could not find end of email headers');
  /** @type {string[]} */
  const fields = [];
  for (const line of head.match(kLines) ?? []) {
    if (!/^[ \t]/.test(line)) fields.push(checkedField(line));
    else if (fields.length > 0) fields[fields.length - 1] += line;
    else throw new Error('email header block contains an invalid continuation');
  }
  const isId = (/** @type {string} */ field) => /^message-id[ \t]*:/i.test(field);
  const place = fields.findIndex(isId);
  const replaced = place === -1 ? undefined : /\r?\n$/.exec(fields[place])?.[0];
  const field = `Message-ID: ${messageId}${replaced ?? lineEndOf(raw)}`;
  const kept = fields.map((one, index) => (index === place ? field : isId(one) ? '' : one));
  if (place === -1) kept.unshift(field);
  return joined(kept.join(''), raw.subarray(head.length));
}

/**
 * @param {Uint8Array} raw
 * @param {Iterable<[string, string]>} fields
 * @returns {Uint8Array} the message with these before its own
 */
function withFields(raw, fields) {
  const text = [...fields].map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return new Uint8Array(Buffer.concat([Buffer.from(text), raw]));
}

/** @param {string} line */
function checkedField(line) {
  const colon = line.indexOf(':');
  if (colon === -1) throw new Error('email header block contains an invalid field');
  if (line.slice(0, colon).trim() === '')
    throw new Error('email header block contains an invalid field name');
  return line;
}

/**
 * @param {Uint8Array} raw
 * @returns {{head: string, hasEnd: boolean}} the fields, a character each byte; hasEnd: an empty line follows
 */
function split(raw) {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  let start = 0;
  while (start < bytes.length) {
    const end = bytes.indexOf(10, start);
    const length = (end === -1 ? bytes.length : end) - start;
    const isEmpty = length === 0 || (length === 1 && bytes[start] === 13);
    if (end !== -1 && isEmpty) return { head: bytes.toString('latin1', 0, start), hasEnd: true };
    start += length + 1;
  }
  return { head: bytes.toString('latin1'), hasEnd: false };
}

/** @param {Uint8Array} raw whose header ends */
const lineEndOf = (raw) => (raw[raw.indexOf(10) - 1] === 13 ? '\r\n' : '\n');

/** @param {string} head @param {Uint8Array} rest */
const joined = (head, rest) => new Uint8Array(Buffer.concat([Buffer.from(head, 'latin1'), rest]));

module.exports = { withFields, withMessageId, withoutField };
