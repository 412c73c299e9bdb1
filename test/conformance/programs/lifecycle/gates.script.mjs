import { probeCases } from '../../harness/probes.mjs';

export const config = {
  bindings: { GATE: 'Gate', SLOW: 'Slow' },
  classes: { Gate: { sqlite: true }, Slow: { sqlite: true } },
  vars: { TEXT: 'a text', NUMBER: 5, OBJECT: { a: [1] }, LIST: [1, 'two'], FLAG: true },
};

export const cases = probeCases({
  'constructor-order': 'S1.12.2 blockConcurrencyWhile in a constructor',
  'block-order': 'S1.12.3 two calls run in order after the turn',
  'block-others': 'S1.12.1 other events wait',
  'block-value': 'S1.12.10 value and type of the callback',
  increments: 'S2.5.9 get and put never lose an update',
  'increments-fetch': 'S2.5.8 an update across a timer is not protected',
  'transaction-blocks': 'S3.10.1 a transaction holds other events',
  interleave: 'S2.5.5 handlers interleave at timers, not at storage',
  'ctx-shape': 'S1.11.1 members of ctx',
  'wait-until': 'S1.11.2 waitUntil of an object',
  timers: 'S2.9.2 timers',
  'self-call': 'S2.5.5 an object calls itself',
  'imported-env': 'S7.9.1 env of cloudflare:workers',
  'imported-exports': 'S1.13.2 exports of cloudflare:workers',
  vars: 'S8.6.1 variables of every type',
  'module-shape': 'S7.9 names in cloudflare:workers',
  'wait-until-import': 'S7.9 waitUntil of cloudflare:workers',
  'base-class': 'S1.10.5 the base class',
  'base-class-members': 'S7.4 members of the base class',
  restarted: 'S1.14.6 after an abort storage is there, memory is not',
});
