import { probeCases } from '../../harness/probes.mjs';

export const config = { bindings: { T: 'Thing' }, classes: { Thing: { sqlite: true } } };

export const cases = probeCases({
  'near-argument': 'S7.5.7 an argument just below the limit',
  'near-result': 'S7.5.7 a result just below the limit',
  'above-argument': 'S7.5.7 an argument above the limit',
  'above-result': 'S7.5.7 a result above the limit',
  exact: 'S7.5.7 where the limit is',
  'above-text': 'S7.5.7 text above the limit',
  'small-values': 'S7.5.7 many small values below the limit',
  'above-together': 'S7.5.7 arguments that are too large together',
  'above-body': 'S7.5.7 a stream above the limit passes',
  'above-entrypoint': 'S7.5.7 calls of entrypoints and stubs have the same limit',
  'still-works': 'S7.5.7 an object goes on after a refusal',
});
