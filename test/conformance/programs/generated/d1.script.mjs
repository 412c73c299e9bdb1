import { seeds } from '../../harness/seeds.mjs';

export const config = {
  wrangler: { d1_databases: [{ binding: 'DB', database_name: 'first', database_id: 'first' }] },
  miniflare: { d1Databases: { DB: 'first' } },
};

export const cases = seeds(20).map((seed) => ({
  name: `S8.7.1 D1: a history, seed ${seed}`,
  request: { path: `/${seed}` },
}));
