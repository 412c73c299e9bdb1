import { askAll, inPublic, otherPaths, pagePaths, site } from '../assets-site.mjs';

export const config = {
  entry: 'bindings/assets.js',

  files: inPublic({ ...site }),
  wrangler: { assets: { directory: 'public', not_found_handling: '404-page' } },
  miniflare: {},
};

export const cases = [
  askAll('S8.7.1 assets: 404-page', pagePaths),
  askAll(
    'S8.7.1 assets: 404-page, navigation',
    [...pagePaths, ...otherPaths].map((path) => ({
      path,
      headers: { 'sec-fetch-mode': 'navigate' },
    })),
  ),
];
