import { probeCases } from '../../harness/probes.mjs';

export const config = {
  wrangler: { r2_buckets: [{ binding: 'R2', bucket_name: 'bucket' }] },
  miniflare: { r2Buckets: { R2: 'bucket' } },
};

export const cases = [
  ...probeCases({
    ranges: 'S8.7.1 R2: ranges',
    conditions: 'S8.7.1 R2: conditions',
    'condition-headers': 'S8.7.1 R2: conditions as headers',
    list: 'S8.7.1 R2: list()',
    deletes: 'S8.7.1 R2: delete()',
  }),
  {
    name: 'S8.7.1 R2: long lists',
    steps: async (t) => {
      await t.quiet('/fill/0');
      for (let part = 150; part < 1050; part += 150) await t.quiet(`/fill/${part}/keep`);
      await t.fetch('/long-lists/keep');
    },
  },
];
