import { askAll, inPublic, otherPaths, pagePaths, site } from '../assets-site.mjs';

export const config = {
  entry: 'bindings/assets.js',
  hasCode: false,
  files: inPublic({ ...site }),
  wrangler: { assets: { directory: 'public', not_found_handling: '404-page' } },
  miniflare: {},
};

export const cases = [
  askAll('S8.7.1 assets: without a Worker', [
    ...pagePaths,
    ...otherPaths,
    { method: 'POST', path: '/plain.txt' },
    { method: 'POST', path: '/none' },
  ]),
];
