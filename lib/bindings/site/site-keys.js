'use strict';
// The keys that files of a Workers Site have in its KV namespace: those of miniflare.
//
// Cloudflare's keys contain a hash of the content, so that caches may keep what they found. These do not: the prefix tells the cache
// to keep nothing, so a file that is changed is served as it is now.

const kPrefix = '$__MINIFLARE_SITES__$/';

/** What a Worker finds the namespace and the list of keys under. */
const SITE_BINDING = '__STATIC_CONTENT';
const SITE_MANIFEST = '__STATIC_CONTENT_MANIFEST';
/** What an import of it throws in a Worker without a site. */
const NO_SITE = `No such module "${SITE_MANIFEST}": the configuration has no "site".`;

/** @param {string} file relative to the site, with `/` @returns {string} */
const toKey = (file) => kPrefix + encodeURIComponent(file);

/** @param {string} key one of toKey(), or a path itself @returns {string} */
function toFile(key) {
  if (!key.startsWith(kPrefix)) return key;
  try {
    return decodeURIComponent(key.slice(kPrefix.length));
  } catch {
    return key;
  }
}

/** @param {string} url absolute @returns {boolean} whether it is one under which a Worker caches a file of a site */
const isSiteUrl = (url) => url.includes(kPrefix) && new URL(url).pathname.startsWith(`/${kPrefix}`);

module.exports = { NO_SITE, SITE_BINDING, SITE_MANIFEST, isSiteUrl, toFile, toKey };
