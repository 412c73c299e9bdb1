import { seeds } from '../../harness/seeds.mjs';

export const config = { miniflare: {} };

export const cases = seeds(30).map((seed) => ({
  name: `S9.2 caches: a history, seed ${seed}`,
  request: { path: `/${seed}` },
}));
