import { seeds } from '../../harness/seeds.mjs';

export const config = {
  compatibilityFlags: ['allow_irrevocable_stub_storage'],
  bindings: { NODES: 'Node' },
  classes: { Node: { sqlite: true } },
};

export const cases = seeds(60).map((seed) => ({
  name: `S3.8.9 stored stubs of a seed, ${seed}`,
  request: { path: `/${seed}` },
}));
