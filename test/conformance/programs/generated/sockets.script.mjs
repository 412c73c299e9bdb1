import { seeds } from '../../harness/seeds.mjs';
import { lostClose } from '../../harness/socket-verdict.js';

export const config = {
  bindings: { TALKER: 'Talker' },
  classes: { Talker: { sqlite: true } },
};

export const cases = seeds(30).map((seed) => ({
  name: `S6 a history of sockets, seed ${seed}`,
  request: { path: `/${seed}` },
  differs: lostClose,
}));
