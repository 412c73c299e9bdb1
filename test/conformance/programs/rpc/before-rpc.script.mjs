import { probeCases } from '../../harness/probes.mjs';

export const config = {
  compatibilityDate: '2024-01-01',
  bindings: { OLD: 'Old' },
  classes: { Old: { sqlite: false } },
};

export const cases = probeCases({
  'stub-shape': 'S1.6.3 a stub before the rpc flag',
  fetch: 'S1.10.2 a class without the base class keeps its count',
  exports: 'S1.13.3 ctx.exports before its flag',
  'get-put-delete': 'S1.6.4 get, put and delete of stubs',
});
