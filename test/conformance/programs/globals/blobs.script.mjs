import { probeCases } from '../../harness/probes.mjs';

export const config = {};

export const cases = probeCases({
  blob: 'S9.2 slices of a Blob, with any arguments',
  file: 'S9.2 slices of a File, with any arguments',
  body: 'S9.2 slices of the Blob of a body, with any arguments',
});
