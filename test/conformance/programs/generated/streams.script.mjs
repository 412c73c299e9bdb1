import { seeds } from '../../harness/seeds.mjs';

export const config = {
  bindings: { OBJECT: 'Thing' },
  classes: { Thing: { sqlite: true } },
  concurrent: true,
};

export const cases = seeds(40).map((seed) => ({
  name: `S9.2 streams: a history, seed ${seed}`,
  request: { path: `/${seed}` },
}));
