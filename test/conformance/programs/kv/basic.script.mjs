import { probeCases } from '../../harness/probes.mjs';

export const config = { bindings: { PROBE: 'Probe' }, classes: { Probe: { sqlite: true } } };

export const cases = probeCases({
  'get-missing': 'S3.2.1 get of what is not there',
  'put-get': 'S3.3.1 put then get',
  'get-many': 'S3.2.2 get of several keys is a Map in byte order',
  'get-is-copy': 'S3.2.1 get gives a fresh copy each time',
  'put-snapshot': 'S3.3.1 put takes the value as it is at the call',
  'put-undefined': 'S3.3.2 undefined is refused, null is a value',
  'put-object': 'S3.3.3 put of an object',
  'put-object-misuse': 'S3.3.4 put of an object with a value',
  'put-object-atomic': 'S3.3.5 a value that cannot be stored leaves storage unchanged',
  'surrogate-key': 'S3.1.4 a lone surrogate in a key',
  'keys-coerced': 'S3.1.4 keys are coerced to string',
  delete: 'S3.4.1 delete counts what existed',
  'argument-types': 'S0.1.7 wrong arguments are refused by type',
  'argument-kinds': 'S0.1.7 every method with arguments of every kind',
  options: 'S3.1.3 options are accepted',
  'large-values': 'S3.7.4 limits of SQLite-backed storage',
  members: 'S3.1.2 members of storage',
  'delete-all': 'S3.9.1 deleteAll removes keys, tables and the alarm',
  sync: 'S3.12.1 sync resolves to undefined',
  bookmark: 'S4.13.8 bookmarks are ordered strings',
  'async-throws': 'S0.1.4 errors reject, they are not thrown',
});
