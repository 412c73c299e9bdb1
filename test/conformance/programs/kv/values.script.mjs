import { probeCases } from '../../harness/probes.mjs';

export const config = { bindings: { PROBE: 'Probe' }, classes: { Probe: { sqlite: true } } };

export const cases = probeCases({
  primitives: 'S3.8.2 primitives come back the same',
  objects: 'S3.8.2 objects, dates, maps, sets, sparse arrays',
  buffers: 'S3.8.2 buffers and views',
  'shared-references': 'S3.8.2 cycles and shared references',
  errors: 'S3.8.2 errors with name, cause and properties',
  'class-instances': 'S3.8.5 class instances become plain objects',
  'not-cloneable': 'S3.8.3 what cannot be cloned',
  'platform-objects': 'S3.8.4 runtime objects are refused by name',
  'throwing-getter': 'S3.8.7 a throwing getter propagates',
});
