import { probeCases } from '../../harness/probes.mjs';

export const config = {
  compatibilityDate: '2025-05-08',
  wrangler: { r2_buckets: [{ binding: 'R2', bucket_name: 'bucket' }] },
  miniflare: { r2Buckets: { R2: 'bucket' } },
};

export const cases = probeCases({ shapes: 'S8.7.1 R2: members without a value before 2025-12-03' });
