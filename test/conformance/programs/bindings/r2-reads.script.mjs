import { probeCases } from '../../harness/probes.mjs';

export const config = {
  wrangler: { r2_buckets: [{ binding: 'R2', bucket_name: 'bucket' }] },
  miniflare: { r2Buckets: { R2: 'bucket' } },
};

export const cases = probeCases({
  ranges: 'S8.7.1 R2: ranges',
  conditions: 'S8.7.1 R2: conditions',
  'condition-headers': 'S8.7.1 R2: conditions as headers',
  list: 'S8.7.1 R2: list()',
  'long-lists': 'S8.7.1 R2: long lists',
  deletes: 'S8.7.1 R2: delete()',
});
