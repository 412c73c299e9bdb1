import { seeds } from '../../harness/seeds.mjs';

export const config = {};

export const cases = seeds(60).map((seed) => ({
  name: `S9.2 text and bytes, seed ${seed}`,
  request: { path: `/${seed}` },
}));
