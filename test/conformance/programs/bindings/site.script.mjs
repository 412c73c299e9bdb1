import { probeCases } from '../../harness/probes.mjs';

export const siteFiles = {
  'public/index.html': '<index>',
  'public/empty.txt': '',
  'public/data/a.json': '{"a":1}',
  'public/data/ü b.txt': 'ü b',
  'public/deep/er/page.html': '<page>',
  'public/drafts/secret.html': '<secret>',
};

export const config = {
  files: siteFiles,
  wrangler: { site: { bucket: 'public', exclude: ['drafts'] } },
  miniflare: {},
};

export const cases = probeCases({
  manifest: 'S8.7.1 Workers Sites: the keys of the files',
  env: 'S8.7.1 Workers Sites: what is on env',
  gets: 'S8.7.1 Workers Sites: get()',
  missing: 'S8.7.1 Workers Sites: what is not there',
  list: 'S8.7.1 Workers Sites: list()',
  delete: 'S8.7.1 Workers Sites: nothing can be deleted',
  cache: 'S8.7.1 Workers Sites: a cache keeps no file',
  show: 'S8.7.1 Workers Sites: what the binding looks like',
});
