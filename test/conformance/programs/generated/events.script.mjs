import { seeds } from '../../harness/seeds.mjs';

export const config = { concurrent: true };

export const cases = seeds(40).map((seed) => ({
  name: `S9.2 events, signals, clones and timers, seed ${seed}`,
  request: { path: `/${seed}` },
}));
