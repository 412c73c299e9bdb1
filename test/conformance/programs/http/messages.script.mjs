import { probeCases } from '../../harness/probes.mjs';

export const config = { bindings: {}, classes: {} };

export const cases = probeCases({
  'response-inits': 'S6.2.1 what a Response is made of',
  'clone-rules': 'S9.2 what can be cloned',
  'request-inits': 'S9.2 what a Request is made of',
  'body-kinds': 'S9.2 bodies and their types',
  'wire-request': 'S9.2 a Request of the network',
});
