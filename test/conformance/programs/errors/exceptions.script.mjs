import { probeCases } from '../../harness/probes.mjs';

export const config = {
  bindings: { T: 'Thrower', BARE: 'Bare', BROKEN: 'Broken', FLAKY: 'Flaky' },
  classes: {
    Thrower: { sqlite: true },
    Bare: { sqlite: true },
    Broken: { sqlite: true },
    Flaky: { sqlite: true },
  },
};

export const cases = [
  ...probeCases({
    'from-fetch': 'S1.9.1 what a caller of fetch sees of an exception',
    'from-rpc': 'S7.8.2 what a caller of a method sees of an exception',
    'object-id': 'S1.9.5 which errors carry durableObjectId',
    'rpc-returned': 'S7.8.5 a returned error is a value',
    'state-survives': 'S1.9.2 an exception does not reset the object',
    'write-then-throw': 'S3.6.3 a handler that throws keeps its writes',
    'no-fetch': 'S1.8.4 a class without fetch',
    'wrong-return': 'S1.8.5 fetch must return a fresh Response',
    constructor: 'S2.1.3 a constructor that throws',
    'constructor-once': 'S2.1.3 a new stub builds the object again',
    'block-fails': 'S1.12.6 a failing blockConcurrencyWhile resets the object',
    abort: 'S1.14.3 what callers see of abort',
    'abort-discards': 'S1.14.2 abort undoes the writes of the turn',
    'abort-others': 'S1.9.11 calls in flight end with the abort',
    'foreign-key-at-commit': 'S4.11.2 a violation at commit resets the object',
  }),
  {
    name: 'S9.1.4 an uncaught exception is a plain 500',
    request: { path: '/uncaught' },
    status: 500,
  },
  {
    name: 'S1.9.1 an exception of an object becomes 500 at the edge',
    request: { path: '/uncaught-stub' },
    status: 500,
  },
  {
    name: 'S1.9.6 an error marked overloaded at the edge',
    request: { path: '/uncaught-overloaded' },
    status: 500,
  },
  {
    name: 'S9.5.1 a Worker must return a Response',
    request: { path: '/not-a-response' },
    status: 500,
  },
];
