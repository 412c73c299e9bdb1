'use strict';
// What a cache stores and how it answers: the rules of RFC 9111 and of conditional requests. Pure, but for the clock.

const { latePackage } = require('../../late-package');

/** @type {() => typeof import('http-cache-semantics')} */
const cacheSemantics = latePackage('http-cache-semantics');

const kPrivateCookie = /private=set-cookie;?/i;

/**
 * @param {string} url
 * @param {Headers} requestHeaders
 * @param {Response} response
 * @returns {{ttlMs: number, headers: [string, string][]} | undefined} undefined: not to be stored
 */
function toStore(url, requestHeaders, response) {
  const headers = Object.fromEntries(response.headers);
  const control = headers['cache-control'];
  if (control !== undefined && kPrivateCookie.test(control)) {
    headers['cache-control'] = control.toLowerCase().replace(kPrivateCookie, '').trim();
    delete headers['set-cookie'];
  }
  const asked = Object.fromEntries(requestHeaders);
  delete asked['cache-control'];
  const CachePolicy = cacheSemantics();
  const policy = new CachePolicy(
    { url, method: 'GET', headers: asked },
    { status: response.status, headers },
    { shared: true },
  );
  if (!policy.storable() || 'set-cookie' in headers) return undefined;
  const kept = /** @type {[string, string][]} */ (Object.entries(policy.responseHeaders()));
  return { ttlMs: policy.timeToLive(), headers: kept };
}

/**
 * Whether the asker has the very response already.
 * @param {Headers} asked
 * @param {Headers} stored
 */
function isNotModified(asked, stored) {
  const tag = tagOf(stored.get('etag'));
  const tags = asked.get('if-none-match');
  if (tag !== undefined && tags !== null) {
    if (tags.trim() === '*' || tags.split(',').some((given) => tagOf(given) === tag)) return true;
  }
  const since = toTime(asked.get('if-modified-since'));
  return toTime(stored.get('last-modified')) <= since;
}

/** @param {string | null} text */
const tagOf = (text) => /^(?:W\/)?"(.+)"$/.exec(text?.trim() ?? '')?.[1];

const kDate =
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT$/;

/** @param {string | null} text @returns {number} NaN for what is no date */
const toTime = (text) => (text !== null && kDate.test(text) ? Date.parse(text) : NaN);

module.exports = { isNotModified, toStore };
