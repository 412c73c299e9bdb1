'use strict';
// isForAssets: whether a request from outside is answered by a Worker's static assets, or by its code (spec S8.7.1).

const { pathMatcher } = require('./rules');

/**
 * @param {import('../config/assets').AssetSettings} settings
 * @param {{has(request: any, withNotFound: boolean): boolean}} server
 * @param {{hasWorker: boolean, navigationPrefersAssets: boolean}} options the second is a compatibility flag
 * @returns {(request: any) => boolean}
 */
function assetRouter({ workerFirst }, server, { hasWorker, navigationPrefersAssets }) {
  if (!hasWorker) return () => true;
  if (workerFirst === true) return () => false;
  const rules = workerFirst || { worker: [], assets: [] };
  const isForAssets = pathMatcher(rules.assets);
  const isForWorker = pathMatcher(rules.worker);
  return (request) => {
    const { pathname } = new URL(request.url);
    if (isForAssets(pathname)) return true;
    if (isForWorker(pathname)) return false;
    // With patterns, or for what a browser navigates to, a page that says that nothing was found is an answer, too.
    const isNavigation =
      navigationPrefersAssets && request.headers.get('sec-fetch-mode') === 'navigate';
    return server.has(request, workerFirst !== false || isNavigation);
  };
}

module.exports = { assetRouter };
