import { probeCases } from '../../harness/probes.mjs';

export const config = {};

export const cases = probeCases({
  reason: 'S1.14.7 abort() of a call',
  'no-reason': 'S1.14.7 abort() without a reason',
  properties: 'S1.14.7 the reason keeps its properties',
  'other-calls': 'S1.14.7 all calls under way get the reason',
  'stubs-go': 'S1.14.7 stubs it has are disposed of',
  fetch: 'S1.14.7 abort() in fetch',
  handlers: 'S1.14.7 abort() of a handler',
  'others-go-on': 'S1.14.7 other calls go on',
});
