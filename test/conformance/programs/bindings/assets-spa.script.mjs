import { askAll, inPublic, otherPaths, pagePaths, site } from '../assets-site.mjs';

export const config = {
  entry: 'bindings/assets.js',

  files: inPublic({ ...site }),
  wrangler: { assets: { directory: 'public', not_found_handling: 'single-page-application' } },
  miniflare: {},
};

export const cases = [
  askAll('S8.7.1 assets: single-page-application', pagePaths),
  askAll(
    'S8.7.1 assets: single-page-application, navigation',
    [...pagePaths, ...otherPaths].map((path) => ({
      path,
      headers: { 'sec-fetch-mode': 'navigate' },
    })),
  ),
  askAll('S8.7.1 assets: single-page-application, other methods', [
    { method: 'POST', path: '/none' },
    { method: 'POST', path: '/none', headers: { 'sec-fetch-mode': 'navigate' } },
  ]),
];
