'use strict';
// Conditions of get() and put(): what `onlyIf` says, and whether an object meets it (RFC 9110, 13). Pure.

/**
 * @typedef {{type: 'strong' | 'weak' | 'wildcard', value: string}} Etag
 *
 * @typedef {object} Conditions
 * @property {Etag[]} [matches] one of them must be the object's
 * @property {Etag[]} [differs] none of them may be
 * @property {number} [before] milliseconds of the epoch; uploaded before
 * @property {number} [after] uploaded after
 * @property {boolean} bySeconds times are compared by whole seconds
 */

/** @param {Headers} headers @returns {Conditions} */
function fromHeaders(headers) {
  return {
    matches: etagsOf(headers, 'if-match'),
    differs: etagsOf(headers, 'if-none-match'),
    before: timeOf(headers.get('if-unmodified-since')),
    after: timeOf(headers.get('if-modified-since')),
    bySeconds: true,
  };
}

/** @param {string | null} text @returns {number | undefined} */
const timeOf = (text) => (text === null ? undefined : Date.parse(text));

/**
 * @param {{etagMatches?: string, etagDoesNotMatch?: string, uploadedBefore?: number, uploadedAfter?: number, secondsGranularity?: boolean}} given
 * @returns {Conditions}
 */
function fromOptions(given) {
  return {
    matches: etagOf(given.etagMatches),
    differs: etagOf(given.etagDoesNotMatch),
    before: given.uploadedBefore,
    after: given.uploadedAfter,
    bySeconds: given.secondsGranularity ?? false,
  };
}

/** @param {string | undefined} value @returns {Etag[] | undefined} */
function etagOf(value) {
  if (value === undefined) return undefined;
  if (/^".*"$/s.test(value) || value === '"')
    throw new TypeError(`Conditional ETag should not be wrapped in quotes (${value}).`);
  return [{ type: value === '*' ? 'wildcard' : 'strong', value }];
}

/** @param {Headers} headers @param {string} name @returns {Etag[] | undefined} */
function etagsOf(headers, name) {
  const text = headers.get(name);
  if (text === null) return undefined;
  const etags = parseEtags(text);
  if (etags.length === 0) throw new Error(`Invalid ETag in ${name} header`);
  return etags;
}

const kUnexpected = {
  '*': "wildcard character '*' instead.",
  W: "weak quotation character 'W' instead. This would otherwise indicate the start of a new weak etag.",
  '"': "double quote character '\"' instead. This would otherwise indicate the start of a new strong etag.",
};

/** What follows something that is no entity tag is not looked at. @param {string} text @returns {Etag[]} */
function parseEtags(text) {
  const etags = /** @type {Etag[]} */ ([]);
  let needsComma = false;
  for (let at = 0; at < text.length;) {
    const first = text[at];
    if (/[ \t,]/.test(first)) {
      if (first === ',') needsComma = false;
      at += 1;
      continue;
    }
    if (first !== '*' && first !== 'W' && first !== '"') break;
    if (needsComma)
      throw new Error(`Comma was expected to separate etags. Encountered a ${kUnexpected[first]}`);
    if (first === '*') return [{ type: 'wildcard', value: '' }];
    if (first === 'W' && !text.startsWith('W/"', at))
      throw new Error('Weak etags must start with W/ and their value must be quoted');
    const start = at + (first === 'W' ? 3 : 1);
    const end = text.indexOf('"', start);
    if (end === -1) throw new Error('Unclosed double quote for Etag');
    etags.push({ type: first === 'W' ? 'weak' : 'strong', value: text.slice(start, end) });
    needsComma = true;
    at = end + 1;
  }
  return etags;
}

/** @param {Conditions} conditions @param {{etag: string, uploaded: number} | undefined} object @returns {boolean} */
function areMet({ matches, differs, before, after, bySeconds }, object) {
  if (object === undefined) return matches === undefined && after === undefined;
  const time = (/** @type {number} */ ms) => (bySeconds ? Math.floor(ms / 1000) : ms);
  const uploaded = time(object.uploaded);
  const isMatch = matches === undefined || matches.some((etag) => isSame(etag, object.etag));
  const isOther =
    differs === undefined ||
    !differs.some((etag) => isSame({ ...etag, type: weakly(etag) }, object.etag));
  // A tag that decides makes the time of the same kind unimportant.
  const isNewer =
    after === undefined || time(after) < uploaded || (differs !== undefined && isOther);
  const isOlder =
    before === undefined || uploaded < time(before) || (matches !== undefined && isMatch);
  return isMatch && isOther && isNewer && isOlder;
}

/** @param {Etag} etag @param {string} value */
const isSame = (etag, value) =>
  etag.type === 'wildcard' || (etag.type === 'strong' && etag.value === value);

/** A weak tag counts as a strong one. @param {Etag} etag */
const weakly = ({ type }) => (type === 'weak' ? 'strong' : type);

module.exports = { areMet, fromHeaders, fromOptions };
