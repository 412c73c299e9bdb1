import { probeCases } from '../../harness/probes.mjs';

export const config = { bindings: { T: 'Thing' }, classes: { Thing: { sqlite: true } } };

export const cases = probeCases({
  sent: 'S7.2.2 when a call is sent',
  unawaited: 'S7.2.2 the result of a call that nobody awaits',
  'then-twice': 'S7.2.2 a promise awaited many times',
  'bad-arguments': 'S7.2.1 arguments that cannot be sent',
  properties: 'S7.2.4 properties are asked for at each await',
  'by-value': 'S7.2.5 results of functions in the same isolate are copies',
  depth: 'S7.3.1 chains of calls and properties',
  'on-targets': 'S7.3.1 calls on targets that are not there yet',
  'through-result': 'S7.3.1 several calls and reads through stubs inside a result',
  'on-functions': 'S7.3.1 calls of functions that are not there yet',
  'on-passed-on': 'S7.3.1 calls on what an entrypoint got from another and returns',
  'on-arguments': 'S7.3.1 calls on what came as an argument',
  'on-primitives': 'S7.3.2 pipelining on what is no object',
  'on-platform': 'S7.3.2 pipelining on platform objects',
  'path-limit': 'S7.3.2 the longest path',
  'first-rejects': 'S7.3.3 the first call rejects',
  'after-rejected': 'S7.3.3 calls that depend on one that has failed',
  'promises-as-arguments': 'S7.3.4 promises and properties as arguments',
  'promises-inside': 'S7.3.4 promises and properties inside arguments and results',
  order: 'S7.3.5 pipelined calls keep their order',
  'order-before-resolve': 'S7.3.5 calls made before the target is there',
  'dispose-promise': 'S7.4.2 a promise is disposed',
  'dispose-before': 'S7.4.2 a promise is disposed before it resolves',
  'pipeline-then-dispose': 'S7.6.1 results of pipelined calls when the first is disposed',
  shapes: 'S7.4.1 RpcPromise and RpcProperty',
  constructors: 'S7.4.1 classes that cannot be constructed',
});
