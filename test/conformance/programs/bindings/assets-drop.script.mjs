import { askAll, inPublic, otherPaths, pagePaths, site } from '../assets-site.mjs';

export const config = {
  entry: 'bindings/assets.js',

  files: inPublic({ ...site }),
  wrangler: { assets: { directory: 'public', html_handling: 'drop-trailing-slash' } },
  miniflare: {},
};

export const cases = [
  askAll('S8.7.1 assets: html_handling drop-trailing-slash', pagePaths),
  askAll('S8.7.1 assets: paths with drop-trailing-slash', otherPaths),
];
