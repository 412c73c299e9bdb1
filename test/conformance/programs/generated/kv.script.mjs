import { seeds } from '../../harness/seeds.mjs';

export const config = {
  wrangler: { kv_namespaces: [{ binding: 'KV', id: 'first' }] },
  miniflare: { kvNamespaces: { KV: 'first' } },
};

export const cases = seeds(20).map((seed) => ({
  name: `S8.7.1 KV: a history, seed ${seed}`,
  request: { path: `/${seed}` },
}));
