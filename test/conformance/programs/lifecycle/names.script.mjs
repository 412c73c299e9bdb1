import { probeCases } from '../../harness/probes.mjs';

export const config = { bindings: { N: 'Named' }, classes: { Named: { sqlite: true } } };

export const cases = probeCases({
  classes: 'S9.1 names of classes that mention themselves',
  functions: 'S9.1 names of functions',
  'same-names': 'S9.1 names that something else has, too',
  objects: 'S9.1 names of and inside an object',
  errors: 'S9.1 errors that are named after their class',
});
