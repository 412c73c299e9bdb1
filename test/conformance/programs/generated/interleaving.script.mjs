import { seeds } from '../../harness/seeds.mjs';

export const config = {
  bindings: { BUSY: 'Busy' },
  classes: { Busy: { sqlite: true } },
};

export const cases = seeds(30).map((seed) => ({
  name: `S2.4 the order of what concurrent calls do, seed ${seed}`,
  request: { path: `/${seed}` },
}));
