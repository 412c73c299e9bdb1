import { probeCases } from '../../harness/probes.mjs';

export const config = {
  bindings: { OBJECT: 'Abrupt', LEGACY: 'Legacy' },
  classes: { Abrupt: { sqlite: true }, Legacy: { sqlite: false } },
};

export const cases = probeCases({
  'after-section': 'S1.14.2 abort after a section that wrote',
  'after-nested-sections': 'S1.14.2 abort after an inner section that wrote',
  'beside-transaction': 'S1.14.2 abort as the closure of a transaction ends',
  returned: 'S1.9.11 a call that has returned when the next one aborts',
  sync: 'S3.12.1 calls that wait run before what follows sync',
});
