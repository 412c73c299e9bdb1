import { probeCases } from '../../harness/probes.mjs';

export const config = {
  bindings: { OBJECT: 'Abrupt' },
  classes: { Abrupt: { sqlite: true } },
  services: { SERVICE: { entrypoint: 'Service' } },
};

export const cases = probeCases({
  rpc: 'S2.7.4 a call of an object, when its caller aborts',
  fetch: 'S2.7.4 a request to an object, when its caller aborts',
  'rpc-of-a-Worker': 'S2.7.4 a call of a Worker, when its caller aborts',
  'fetch-of-a-Worker': 'S2.7.4 a request to a Worker, when its caller aborts',
  argument: 'S2.7.4 a call with a function, when its caller aborts',
});
