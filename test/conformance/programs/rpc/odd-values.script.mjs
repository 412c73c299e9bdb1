import { probeCases } from '../../harness/probes.mjs';

export const config = { bindings: { T: 'T' }, classes: { T: { sqlite: true } } };

export const cases = probeCases({
  names: 'S7.4.1 what stubs are called',
  thrown: 'S7.8.1 what is thrown and is no ordinary error',
  cloned: 'S3.8.2 structuredClone of Blobs, errors and resizable buffers',
  transferred: 'S3.8.2 structuredClone transfers beside an error',
  detached: 'S7.2.4 methods of promises and stubs, called on something else or with no function',
  unclonable: 'S7.3.4 stubs that are cloned or stored',
});
