import { probeCases } from '../../harness/probes.mjs';

export const config = { bindings: { T: 'Thing' }, classes: { Thing: { sqlite: true } } };

export const cases = probeCases({
  'response-whole': 'S7.5.3 the stream of a Response',
  'response-fails': 'S7.5.4 a Response whose stream fails',
  'response-of-values': 'S7.5.4 a Response whose stream gives no bytes',
  'response-cancelled': 'S7.5.4 a Response whose stream is cancelled',
  'response-cancelled-early': 'S7.5.4 a Response whose stream is cancelled while its source waits',
  'request-whole': 'S7.5.3 the stream of a Request',
  'request-fails': 'S7.5.4 a Request whose stream fails',
  'request-of-values': 'S7.5.4 a Request whose stream gives no bytes',
  'request-of-strings': 'S7.5.4 a Request whose stream gives strings',
  'request-cancelled': 'S7.5.4 a Request whose stream is cancelled',
  'request-not-read': 'S7.5.4 a Request whose stream nobody reads',
  'fixed-length': 'S7.5.4 a stream that ends before its length',
  'fixed-length-request': 'S7.5.4 a Request whose stream ends before its length',
  'identity-request': 'S7.5.4 a Request whose stream breaks off',
});
