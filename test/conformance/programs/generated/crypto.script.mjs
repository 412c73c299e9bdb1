import { seeds } from '../../harness/seeds.mjs';

export const config = {};

export const cases = seeds(40).map((seed) => ({
  name: `S9.2 crypto, seed ${seed}`,
  request: { path: `/${seed}` },
}));
