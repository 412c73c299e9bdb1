import { seeds } from '../../harness/seeds.mjs';
import { runSocketHistory } from '../../harness/run-socket-history.mjs';
import { socketHistory } from '../../harness/socket-history.mjs';
import { whyTheyDiffer } from '../../harness/socket-verdict.js';
import { config as withReplies } from './sockets-evicted.script.mjs';

/** As sockets-evicted, before Close frames were answered by themselves (S6.6.1). */
export const config = {
  ...withReplies,
  entry: 'generated/sockets-evicted.js',
  compatibilityDate: '2026-01-01',
};

export const cases = seeds(20).map((seed) => {
  const history = socketHistory(seed);
  return {
    name: `S6.6.1 sockets closed by hand of an object that is evicted, seed ${seed}`,
    steps: (t) => runSocketHistory(t, seed, history),
    differs: whyTheyDiffer(history),
  };
});
