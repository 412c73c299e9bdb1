import { askAll, inPublic, site } from '../assets-site.mjs';

export const config = {
  entry: 'bindings/assets.js',

  files: inPublic({ ...site }),
  wrangler: { assets: { directory: 'public', run_worker_first: true, binding: 'ASSETS' } },
  miniflare: {},
};

export const cases = [
  askAll('S8.7.1 assets: run_worker_first', [
    '/',
    '/plain.txt',
    '/none',
    '/through?to=/plain.txt',
    '/through?to=/none',
  ]),
];
