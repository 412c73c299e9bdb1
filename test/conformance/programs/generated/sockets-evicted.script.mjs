import { seeds } from '../../harness/seeds.mjs';
import { runSocketHistory } from '../../harness/run-socket-history.mjs';
import { socketHistory } from '../../harness/socket-history.mjs';
import { whyTheyDiffer } from '../../harness/socket-verdict.js';

export const config = {
  bindings: { DIARY: 'Diary' },
  classes: { Diary: { sqlite: true } },
  concurrent: true,
};

export const cases = seeds(40).map((seed) => {
  const history = socketHistory(seed);
  return {
    name: `S6 sockets of an object that is evicted, seed ${seed}`,
    steps: (t) => runSocketHistory(t, seed, history),
    differs: whyTheyDiffer(history),
  };
});
