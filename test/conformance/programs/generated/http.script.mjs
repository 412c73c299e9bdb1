import { rawRequests } from '../../harness/raw-requests.mjs';
import { seeds } from '../../harness/seeds.mjs';

export const config = {};

export const cases = seeds(60).map((seed) => ({
  name: `S9.2 requests as bytes, seed ${seed}`,
  steps: (t) => t.exchange(rawRequests(seed)),
}));
