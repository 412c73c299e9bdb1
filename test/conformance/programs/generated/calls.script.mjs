import { seeds } from '../../harness/seeds.mjs';

export const config = {
  bindings: { THING: 'Thing' },
  classes: { Thing: { sqlite: true } },
  services: { SERVICE: { entrypoint: 'Service', props: { given: 1 } } },
};

export const cases = seeds(40).map((seed) => ({
  name: `S7 calls of a seed, ${seed}`,
  steps: async (t) => {
    await t.fetch(`/run/${seed}`);
    await t.fetch('/log');
  },
}));
