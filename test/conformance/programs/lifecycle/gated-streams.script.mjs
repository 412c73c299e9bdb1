import { probeCases } from '../../harness/probes.mjs';

export const config = {
  bindings: { HOLDER: 'Holder' },
  classes: { Holder: { sqlite: true } },
};

export const cases = probeCases({
  'response-pull': 'S2.5.1 a section holds the pull of a body it writes',
  'rpc-pull': 'S2.5.1 a section holds the pull of a stream it gave out',
  'rpc-write': 'S2.5.1 a section holds the write to a stream it gave out',
  'writer-of-another': 'S2.5.1 a section holds the continuation of a write',
  'body-methods': 'S2.5.1 a section holds every way to read a long body',
  'pipe-errors': 'S2.5.12 pipes of an object end as other pipes do',
});
