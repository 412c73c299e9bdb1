import { probeCases } from '../../harness/probes.mjs';

export const config = { bindings: { PROBE: 'Probe' }, classes: { Probe: { sqlite: true } } };

export const cases = probeCases({
  all: 'S3.5.1 list of everything',
  ranges: 'S3.5.2 start, startAfter and end',
  prefix: 'S3.5.5 prefix intersects the range',
  'reverse-limit': 'S3.5.2 reverse and limit',
  'limit-errors': 'S3.5.4 options that are refused',
  'byte-order': 'S3.5.7 order is by UTF-8 bytes',
  'prefix-bytes': 'S3.5.5 prefixes are compared as bytes',
  paging: 'S3.5.8 paging with startAfter and limit',
  map: 'S3.5.1 the result is a plain Map',
});
