import { seeds } from '../../harness/seeds.mjs';

export const config = {
  bindings: { SENT: 'Sent' },
  classes: { Sent: { sqlite: true } },
  services: { SERVICE: { entrypoint: 'Service', props: { given: 1 } } },
};

export const cases = seeds(25).map((seed) => ({
  name: `S7.5 values that are sent, seed ${seed}`,
  request: { path: `/${seed}` },
}));
