import { seeds } from '../../harness/seeds.mjs';

export { config } from './r2.script.mjs';

export const cases = seeds(12).map((seed) => ({
  name: `S8.7.1 R2: multipart uploads, seed ${seed}`,
  request: { path: `/${seed}` },
}));
