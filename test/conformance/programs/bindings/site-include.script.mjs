import { siteFiles } from './site.script.mjs';

export const config = {
  files: siteFiles,
  wrangler: {
    site: { bucket: 'public', include: ['**/*.html', '*.txt', '!drafts/*'], exclude: ['index'] },
  },
  miniflare: {},
};

export const cases = [
  { name: 'S8.7.1 Workers Sites: include wins over exclude', request: { path: '/' } },
];
