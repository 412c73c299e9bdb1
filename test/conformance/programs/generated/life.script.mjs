import { seeds } from '../../harness/seeds.mjs';

export const config = {
  bindings: { LIFE: 'Life' },
  classes: { Life: { sqlite: true } },
};

export const cases = seeds(60).map((seed) => ({
  name: `S1.9 the life of an object of a seed, ${seed}`,
  request: { path: `/${seed}` },
}));
