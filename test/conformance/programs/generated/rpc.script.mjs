import { seeds } from '../../harness/seeds.mjs';

export const config = {
  bindings: { NODE: 'Node' },
  classes: { Node: { sqlite: true } },
  services: {
    SERVICE: { entrypoint: 'Service', props: { given: 1 } },
    OTHER: { entrypoint: 'Service', props: { given: 2 } },
  },
};

export const cases = seeds(40).map((seed) => ({
  name: `S7 plans of a seed, ${seed}`,
  steps: async (t) => {
    await t.fetch(`/run/${seed}`);
    await t.fetch('/log');
  },
}));
