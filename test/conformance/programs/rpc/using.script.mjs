import { probeCases } from '../../harness/probes.mjs';

export const config = { bindings: { T: 'Thing' }, classes: { Thing: { sqlite: true } } };

export const cases = probeCases({
  stub: 'S7.4.2 a stub with using',
  result: 'S7.4.2 a result with using',
  target: 'S7.4.2 a returned target with using',
  promise: 'S7.4.2 a promise with using',
  argument: 'S7.6.1 a duplicated argument with using',
  thrown: 'S7.4.2 using when the block throws',
  'object-stub': 'S7.4.2 a stub of an object with using',
});
