import { probeCases } from '../../harness/probes.mjs';

export const config = { bindings: {}, classes: {} };

export const cases = probeCases({
  'returned-stub': 'S7.6.1 a returned stub changes hands',
  'returned-inside': 'S7.6.1 a stub inside a result changes hands',
  'returned-twice': 'S7.6.1 one stub twice in a result',
  'round-trip': 'S7.6.1 an argument that comes back',
  arguments: 'S7.6.2 who owns a stub among the arguments',
  'same-argument-twice': 'S7.6.2 one stub twice among the arguments',
  'service-stub': 'S7.7.1 a service stub as result, and calls that depend on it',
  'function-members': 'S7.1.3 own members of a function',
  handlers: 'S7.1.8 handlers of an object take one argument',
  proxies: 'S7.5.5 proxies',
});
