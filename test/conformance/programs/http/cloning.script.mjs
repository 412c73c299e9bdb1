import { probeCases } from '../../harness/probes.mjs';

export const config = {};

export const cases = probeCases({
  runtime: 'S9.2 structuredClone of what the runtime has',
  plain: 'S9.2 structuredClone of plain values',
  nested: 'S9.2 structuredClone of Headers inside a value',
});
