import { seeds } from '../../harness/seeds.mjs';

export const config = {
  bindings: { THING: 'Thing' },
  classes: { Thing: { sqlite: true } },
  services: { SERVICE: { entrypoint: 'Service' } },
};

export const cases = seeds(40).map((seed) => ({
  name: `S1.9.2 calls of one turn, ${seed}`,
  request: { path: `/${seed}` },
}));
