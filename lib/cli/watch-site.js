// watchSite: says when files come or go in a Workers Site: code has the list of its keys. What is in a file is read when it is asked for.
'use strict';

const { SiteFiles } = require('../bindings/site/site-files');
const { watchAssets } = require('./watch-assets');

/**
 * @param {import('../config/bindings/site').SiteSettings} site
 * @param {() => void} onChange
 * @returns {{close(): void}}
 */
function watchSite(site, onChange) {
  let before = keysOf(site);
  return watchAssets(site.directory, () => {
    const now = keysOf(site);
    if (now === before) return;
    before = now;
    onChange();
  });
}

/** @param {import('../config/bindings/site').SiteSettings} site @returns {string} empty while a build tool makes the directory anew */
function keysOf(site) {
  try {
    return JSON.stringify(new SiteFiles(site).manifest());
  } catch {
    return '';
  }
}

module.exports = { watchSite };
