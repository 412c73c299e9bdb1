import { probeCases } from '../../harness/probes.mjs';

export const config = {
  bindings: { T: 'Thing' },
  classes: { Thing: { sqlite: true } },
  concurrent: true,
};

export const cases = [
  ...probeCases({
    method: 'S2.10.4 a method whose promise can never resolve',
    'after-timer': 'S2.10.4 a method that hangs after a timer',
    handlers: 'S2.10.4 a handler of an object of handlers',
    fetch: 'S2.10.4 fetch() of an entrypoint',
    nested: 'S2.10.4 a method that waits for another one that hangs',
    slow: 'S2.10.4 a method that takes long is let be',
    'object-answers': 'S2.10.4 what another request of an object will resolve',
  }),
  { name: 'S2.10.4 a request', request: { path: '/itself' }, status: 500 },
];
