import { seeds } from '../../harness/seeds.mjs';
import { config as withReplies } from './relay.script.mjs';

/**
 * As relay, before Close frames were answered by themselves (S6.6.1). Not through the network: connections to other hosts answer them by
 * themselves with every date.
 */
export const config = {
  ...withReplies,
  entry: 'generated/relay.js',
  compatibilityDate: '2026-01-01',
};

export const cases = seeds(8).map((seed) => ({
  name: `S6.6.1 sockets closed by hand that go through several hands, seed ${seed}`,
  steps: (t) => t.fetchItself((host) => `/${seed}/${host}/binding`),
}));
