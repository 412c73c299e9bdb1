// The URLs of requests (S1.8.3): as the URL standard has them or, with the flag fetch_legacy_url, as they were given.
//
// The older rules keep the text of a Request, right or wrong, and look at it when it is sent: then what is no URL is refused, names and
// paths are put in order, user and fragment go, and a path that is missing stays so, as does the port.
'use strict';

const { settings } = require('../settings.js');

const PARTS = /^(https?:\/\/)([^/?#]*)([^?#]*)(\?[^#]*)?/i;
const AUTHORITY = /^(?:[^@]*@)?([^\s@<>"\\^`{|}]*)$/;

/** @param {any} input @returns {string} `url` of a Request made from it */
function urlOf(input) {
  const text = `${input}`;
  if (!settings.standardUrl) return text;
  if (!URL.canParse(text)) throw new TypeError(`Invalid URL: ${text}`);
  return new URL(text).href;
}

/** @param {string} url of a Request @returns {string} as the receiver has it */
function urlToSend(url) {
  if (!settings.standardUrl) return olderUrl(url);
  if (!url.startsWith('http://') && !url.startsWith('https://')) throw cannotLoad(url);
  const at = url.indexOf('#');
  return at < 0 ? url : url.slice(0, at);
}

/** @param {string} url */
const cannotLoad = (url) => new TypeError(`Fetch API cannot load: ${url}`);

/** @param {string} url */
function olderUrl(url) {
  const [, scheme, authority, path, query = ''] = PARTS.exec(url) ?? [];
  const host = authority === undefined ? null : AUTHORITY.exec(authority);
  if (host === null) throw cannotLoad(url);
  const origin = `${scheme}${host[1]}`.toLowerCase();
  const { href } = new URL(`http://x${path || '/'}${query}`);
  return origin + href.slice((path === '' ? 'http://x/' : 'http://x').length);
}

/** @param {string} location of a redirect @param {string} base @returns {string} as urlToSend() */
function urlOfRedirect(location, base) {
  if (!settings.standardUrl) {
    const text = location.startsWith('//')
      ? base.slice(0, base.indexOf(':') + 1) + location
      : location;
    if (PARTS.test(text)) return olderUrl(text);
  }
  if (!URL.canParse(location, base)) throw new TypeError(`Invalid URL: ${location}`);
  return urlToSend(new URL(location, base).href);
}

module.exports = { urlOf, urlToSend, urlOfRedirect };
