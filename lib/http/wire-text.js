'use strict';
// Text of request heads: from bytes, the URL that a request line and a host make, and the length of the body.

/** @param {string} bytes one character each; those that are not UTF-8 become U+FFFD */
function fromUtf8(bytes) {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/**
 * RFC 9112, 3.2: origin-form, absolute-form, asterisk-form.
 * @param {string} target
 * @param {string} host empty: none was sent (HTTP/1.0)
 * @param {boolean} secure
 */
function urlOf(target, host, secure) {
  const origin = `${secure ? 'https' : 'http'}://${host === '' ? 'localhost' : host}`;
  if (target.startsWith('/')) return origin + target;
  if (target === '*') return `${origin}/`;
  // The authority of the target is the one that counts, whatever Host says (RFC 9112, 3.2.2).
  const at = target.indexOf('://') + 3;
  const authority = /^[^/?]*/.exec(target.slice(at))?.[0] ?? '';
  const rest = target.slice(at + authority.length);
  const path = rest.startsWith('/') ? rest : `/${rest}`;
  return target.slice(0, at).toLowerCase() + authority + path;
}

/**
 * Bytes that the head says the body has; undefined: it does not say.
 * @param {string} headersText "name\0value\0..."
 * @returns {number | undefined}
 */
function lengthIn(headersText) {
  const match = /(?:^|\0)content-length\0 *(\d+)/i.exec(headersText);
  return match === null ? undefined : Number(match[1]);
}

module.exports = { fromUtf8, lengthIn, urlOf };
