import { seeds } from '../../harness/seeds.mjs';

export const config = {
  wrangler: { r2_buckets: [{ binding: 'R2', bucket_name: 'first' }] },
  miniflare: { r2Buckets: { R2: 'first' } },
};

export const cases = seeds(15).map((seed) => ({
  name: `S8.7.1 R2: a history, seed ${seed}`,
  request: { path: `/${seed}` },
}));
