import { seeds } from '../../harness/seeds.mjs';

export const config = { bindings: { PARENT: 'Parent' }, classes: { Parent: { sqlite: true } } };

export const cases = seeds(40).map((seed) => ({
  name: `S1.15 facets of a seed, ${seed}`,
  request: { path: `/${seed}` },
}));
