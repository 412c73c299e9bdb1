import { probeCases } from '../../harness/probes.mjs';

export const config = { bindings: { PROBE: 'Probe' }, classes: { Probe: { sqlite: true } } };

export const cases = [
  ...probeCases({
    headers: 'S3.8.4 Headers are stored and cloned',
    requests: 'S3.8.4 Requests without a body',
    responses: 'S3.8.4 Responses without a body',
    'inside-others': 'S3.8.4 inside other values',
    same: 'S3.8.2 shared references to Headers',
    blobs: 'S1.2.6 clones of Blobs and Files',
    transactions: 'S3.8.4 in transactions and by storage.kv',
  }),
  {
    name: 'S3.8.4 what came in with a request',
    request: { path: '/incoming', headers: { 'x-a': 'b' } },
  },
];
