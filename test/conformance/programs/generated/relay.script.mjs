import { seeds } from '../../harness/seeds.mjs';
import { lostClose } from '../../harness/socket-verdict.js';

export const config = {
  bindings: { TALKER: 'Talker' },
  classes: { Talker: { sqlite: true } },
  services: { SIDE: { entrypoint: 'Side' } },
  localNetwork: true,
};

export const cases = seeds(15).map((seed) => ({
  name: `S6.8 sockets that go through several hands, seed ${seed}`,
  steps: (t) => t.fetchItself((host) => `/${seed}/${host}`),
  differs: lostClose,
}));
