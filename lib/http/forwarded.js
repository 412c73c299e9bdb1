'use strict';
// forwarded: what proxies in front say about a request, when they are trusted (X-Forwarded-For, -Proto, -Host).
//
// `hops` is how many proxies there are. Each appends what it saw, so that the entry `hops` from the right was written by the outermost
// of them; what stands further left came from the client and is not believed. The client's address becomes cf-connecting-ip,
// whatever the client sent under that name. Pure.

const HOST = /^(?:[\w.~-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

/**
 * @typedef {object} Origin
 * @property {boolean} secure
 * @property {string} host
 * @property {string} headersText "name\0value\0...", names in lower case
 */

/**
 * @param {number} hops at least 1
 * @param {string} remoteAddress of the nearest proxy; empty: not known
 * @param {Origin} origin as received
 * @returns {Origin} as the client meant it
 */
function applyForwarded(hops, remoteAddress, { secure, host, headersText }) {
  const fields = headersText.split('\0');
  /** @param {string} name @returns {string[]} */
  const list = (name) => {
    const values = [];
    for (let i = 0; i + 1 < fields.length; i += 2)
      if (fields[i] === name) values.push(...fields[i + 1].split(',').map((item) => item.trim()));
    return values;
  };
  const scheme = fromRight(list('x-forwarded-proto'), hops)?.toLowerCase();
  const forwardedHost = fromRight(list('x-forwarded-host'), hops);
  const client = fromRight([...list('x-forwarded-for'), remoteAddress], hops + 1) ?? '';
  return {
    secure: scheme === 'https' || (scheme !== 'http' && secure),
    host: forwardedHost !== undefined && HOST.test(forwardedHost) ? forwardedHost : host,
    headersText: withAddress(fields, client),
  };
}

/** The outermost there is, when there are fewer. @param {string[]} list @param {number} place from 1 */
function fromRight(list, place) {
  return list[Math.max(0, list.length - place)];
}

/** @param {string[]} fields @param {string} address */
function withAddress(fields, address) {
  let text = '';
  for (let i = 0; i + 1 < fields.length; i += 2)
    if (fields[i] !== 'cf-connecting-ip') text += `${fields[i]}\0${fields[i + 1]}\0`;
  return address === '' ? text : `${text}cf-connecting-ip\0${address}\0`;
}

module.exports = { applyForwarded };
