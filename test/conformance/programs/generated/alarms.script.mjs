import { seeds } from '../../harness/seeds.mjs';

export const config = {
  bindings: { Alarmed: 'Alarmed', Legacy: 'Legacy', Bare: 'Bare' },
  classes: { Alarmed: { sqlite: true }, Legacy: { sqlite: false }, Bare: { sqlite: true } },
  concurrent: true,
};

export const cases = seeds(40).map((seed) => ({
  name: `S5 alarms of a seed, ${seed}`,
  request: { path: `/${seed}` },
}));
