import { askAll, inPublic, otherPaths, pagePaths, site } from '../assets-site.mjs';

export const config = {
  entry: 'bindings/assets.js',

  files: inPublic({ ...site }),
  wrangler: { assets: { directory: 'public', base_path: '/docs/v1' } },
  miniflare: {},
};

export const cases = [
  askAll(
    'S8.7.1 assets: base_path',
    [...pagePaths, ...otherPaths].flatMap((path) => [`/docs/v1${path}`, path]),
  ),
  askAll('S8.7.1 assets: base_path itself', [
    '/docs/v1',
    '/docs/v1/',
    '/docs/v1?a=b',
    '/docs',
    '/docs/v12',
    '/docs/v1/../v1/about',
  ]),
];
