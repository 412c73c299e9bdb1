import { hostileRequests } from '../../harness/hostile-requests.mjs';
import { whyTheyDiffer } from '../../harness/hostile-verdict.js';
import { seeds } from '../../harness/seeds.mjs';

export const config = { concurrent: true };

export const cases = seeds(240).map((seed) => {
  const requests = hostileRequests(seed);
  return {
    name: `S9.2 hostile bytes, seed ${seed}, ${requests.name}`,
    steps: async (t) => {
      await t.exchange(requests);
      await t.fetch('/alive');
    },
    differs: whyTheyDiffer(requests),
  };
});
