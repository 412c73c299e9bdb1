// A FormData as the body of a message, and a body as a FormData (S9.2): multipart/form-data and application/x-www-form-urlencoded, read
// as workerd reads them, with its error texts.
'use strict';

const { randomBytes } = require('node:crypto');
const { formDataOf } = require('./form-data.js');
const { parseMimeType } = require('./mime-type.js');

/** @typedef {import('./form-data.js').FormEntry} FormEntry */

const MULTIPART = 'multipart/form-data';
const URL_ENCODED = 'application/x-www-form-urlencoded';
const UTF8_NAMES = ['utf-8', 'utf8', 'unicode-1-1-utf-8'];
const BOUNDARY_BYTES = 16;
const END_OF_HEADERS = /\r?\n\r?\n/g;
const HEADER_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[\t ]*(.*)$/;
const QUOTED = String.raw`"((?:[^"\n\\]|\\[^\n])+)"`;
const DISPOSITION = /^\s*([\w-]+)\s*/;
const PARAMETER = new RegExp(String.raw`;\s*([\w-]+)\s*=\s*${QUOTED}\s*`, 'y');

const decoder = new TextDecoder();
/** @param {string} latin1 bytes, a character each */
const decode = (latin1) => decoder.decode(Buffer.from(latin1, 'latin1'));

/** @param {string} text of a name */
function quoted(text) {
  if (text.endsWith('\\')) throw new TypeError("Name or filename can't end with backslash");
  return text.replaceAll('\\', '\\\\').replaceAll('"', '%22').replaceAll('\n', '%0A');
}

/**
 * @param {Iterable<FormEntry>} form also one of Node's class
 * @returns {{source: Blob, type: string}} a body, and its Content-Type
 * @throws {TypeError} a name ends with a backslash
 */
function serializeFormData(form) {
  const boundary = randomBytes(BOUNDARY_BYTES).toString('hex');
  const parts = [];
  for (const [name, value] of form) {
    parts.push(`--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"`);
    if (typeof value === 'string') parts.push(`\r\n\r\n${value}`);
    else {
      const type = value.type || 'application/octet-stream';
      parts.push(`; filename="${quoted(value.name)}"\r\nContent-Type: ${type}\r\n\r\n`, value);
    }
    parts.push('\r\n');
  }
  parts.push(`--${boundary}--`);
  return { source: new Blob(parts), type: `${MULTIPART}; boundary=${boundary}` };
}

/** @param {string} text of a part's head @returns {Map<string, string>} by name in lower case */
function partHeaders(text) {
  const headers = new Map();
  for (const line of text.split(/\r?\n/).filter(Boolean)) {
    const found = HEADER_LINE.exec(line);
    if (!found) throw new TypeError('FormData part had invalid headers.');
    headers.set(found[1].toLowerCase(), found[2].trimEnd());
  }
  return headers;
}

/** @param {string | undefined} disposition @returns {{name: string, filename: string | undefined}} */
function partNames(disposition) {
  if (disposition === undefined)
    throw new TypeError('No valid Content-Disposition header found in FormData part.');
  const kind = DISPOSITION.exec(disposition);
  if (!kind) throw new TypeError('Invalid Content-Disposition header found in FormData part.');
  if (kind[1] !== 'form-data')
    throw new TypeError(
      'Content-Disposition header for FormData part must have the value "form-data", possibly followed by ' +
        `parameters. Got: "${kind[1]}"`,
    );
  const parameters = new Map();
  PARAMETER.lastIndex = kind[0].length;
  for (let one = PARAMETER.exec(disposition); one !== null; one = PARAMETER.exec(disposition))
    parameters.set(one[1], decode(one[2].replaceAll(/\\(.)/g, '$1')));
  const name = parameters.get('name');
  if (name === undefined)
    throw new TypeError('Content-Disposition header in FormData part is missing a name.');
  return { name, filename: parameters.get('filename') };
}

/** @param {string} head @param {string} content both a character for each byte @returns {FormEntry} */
function toEntry(head, content) {
  const headers = partHeaders(head);
  const { name, filename } = partNames(headers.get('content-disposition'));
  if (filename === undefined) return [name, decode(content)];
  const type = headers.get('content-type') ?? '';
  return [name, new File([Buffer.from(content, 'latin1')], filename, { type })];
}

/** @param {string} text a character for each byte @param {string} boundary @returns {FormEntry[]} */
function parseMultipart(text, boundary) {
  const delimiter = `\n--${boundary}`;
  const first = text.indexOf(delimiter.slice(1));
  let at = first + delimiter.length - 1;
  if (first < 0 || at === text.length)
    throw new TypeError('No initial boundary string (or you have a truncated message).');
  const entries = [];
  while (!text.startsWith('--', at)) {
    const line = /\r?\n/y;
    line.lastIndex = at;
    if (!line.test(text))
      throw new TypeError("Boundary string was not succeeded by CRLF, LF, or '--'.");
    END_OF_HEADERS.lastIndex = line.lastIndex;
    if (!END_OF_HEADERS.test(text))
      throw new TypeError('No multipart message header termination found.');
    const start = END_OF_HEADERS.lastIndex;
    const end = text.indexOf(delimiter, start);
    const head = text.slice(line.lastIndex, start);
    const content = text.slice(start, end).replace(/\r$/, '');
    entries.push(toEntry(head, content));
    at = end + delimiter.length;
    if (end < 0 || at === text.length)
      throw new TypeError('No subsequent boundary string after multipart message.');
  }
  return entries;
}

/**
 * @param {string | null} contentType
 * @returns {(bytes: Uint8Array) => import('./form-data.js').FormData} reads a body of that type, or throws a TypeError
 * @throws {TypeError} there is no type
 */
function formDataParser(contentType) {
  if (contentType === null)
    throw new TypeError('Parsing a Body as FormData requires a Content-Type header.');
  return (bytes) => formDataOf(parseAs(parseMimeType(contentType), bytes));
}

/** @param {import('./mime-type.js').MimeType | null} mime @param {Uint8Array} bytes @returns {FormEntry[]} */
function parseAs(mime, bytes) {
  if (mime?.essence === MULTIPART) {
    const boundary = mime.params.get('boundary');
    if (boundary === null)
      throw new TypeError(
        'No boundary string in Content-Type header. The multipart/form-data MIME type requires a boundary parameter, ' +
          'e.g. \'Content-Type: multipart/form-data; boundary="abcd"\'. See RFC 7578, section 4.',
      );
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
    return parseMultipart(text, Buffer.from(boundary).toString('latin1'));
  }
  if (mime?.essence === URL_ENCODED) {
    const charset = mime.params.get('charset')?.toLowerCase() ?? UTF8_NAMES[0];
    if (!UTF8_NAMES.includes(charset))
      throw new TypeError('Non-utf-8 application/x-www-form-urlencoded body.');
    // A question mark at the start would be left out.
    return [...new URLSearchParams(`&${decoder.decode(bytes)}`)];
  }
  throw new TypeError(
    'Unrecognized Content-Type header value. FormData can only parse the following MIME types: multipart/form-data, ' +
      'application/x-www-form-urlencoded',
  );
}

module.exports = { serializeFormData, formDataParser };
