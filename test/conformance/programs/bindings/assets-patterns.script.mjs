import { askAll, inPublic, otherPaths, pagePaths, site } from '../assets-site.mjs';

export const config = {
  entry: 'bindings/assets.js',

  files: inPublic({ ...site }),
  wrangler: {
    assets: {
      directory: 'public',
      run_worker_first: ['/folder/*', '/plain.txt', '!/folder/page*', '/a.c', '/*.json'],
      not_found_handling: '404-page',
    },
  },
  miniflare: {},
};

export const cases = [
  askAll('S8.7.1 assets: run_worker_first with patterns', [
    ...pagePaths,
    ...otherPaths,
    '/abc',
    '/a.c',
    '/folder',
    '/deep/x.json',
  ]),
];
