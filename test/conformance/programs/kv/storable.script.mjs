import { probeCases } from '../../harness/probes.mjs';

export const config = { bindings: { PROBE: 'Probe' }, classes: { Probe: { sqlite: true } } };

export const cases = probeCases({
  functions: 'S3.8.3 functions, wherever they are',
  symbols: 'S3.8.3 symbols, wherever they are',
  'weak-and-pending': 'S3.8.3 promises, weak references, iterators, proxies',
  streams: 'S3.8.9 streams',
  web: 'S3.8.4 objects of the web platform',
  platform: 'S3.8.9 stubs, ids and parts of the storage',
  'context-objects': 'S3.8.4 ctx and its storage',
  detached: 'S3.8.3 buffers that were transferred',
  arrays: 'S3.8.2 arrays with holes and extra properties',
  objects: 'S3.8.5 objects of all kinds',
  wrappers: 'S3.8.2 wrapper objects, dates, expressions',
  views: 'S3.8.2 views of buffers',
  errors: 'S3.8.2 errors of all kinds',
  unstorable: 'S3.8.2 errors that hold what cannot be stored',
  'other-ways': 'S3.3.5 the same rules in every way to put',
  getters: 'S3.8.7 a getter is called once',
  'writes-while-serializing': 'S3.8.7 a getter may write',
  deep: 'S3.8.2 a deep value',
});
