import { seeds } from '../../harness/seeds.mjs';
import { streamExchange } from '../../harness/stream-exchange.mjs';

export const config = {
  bindings: { OBJECT: 'Behind' },
  classes: { Behind: { sqlite: true } },
  compatibilityFlags: ['enable_request_signal'],
};

export const cases = seeds(20).map((seed) => ({
  name: `S9.5 bodies in pieces, seed ${seed}`,
  steps: (t) => t.exchangeStreams(streamExchange(seed)),
}));
