import { probeCases } from '../../harness/probes.mjs';

export const config = {
  bindings: { T: 'Target', OLD: 'Old' },
  classes: { Target: { sqlite: true }, Old: { sqlite: true }, Unbound: { sqlite: true } },
};

export const cases = probeCases({
  calls: 'S7.2.1 calls and results',
  values: 'S7.5.1 values survive both ways',
  'no-aliasing': 'S7.2.5 values are never shared',
  'not-methods': 'S7.1.2 what cannot be called',
  reserved: 'S7.1.4 reserved names',
  properties: 'S7.1.6 getters and paths',
  'not-serialisable': 'S7.5.5 values that are refused',
  'throws-late': 'S7.2.1 a call never throws at once',
  'not-awaited': 'S7.2.2 a call that is not awaited still happens',
  order: 'S1.7.1 calls of one stub arrive in order',
  'order-fetch': 'S1.7.1 fetches of one stub arrive in order',
  'fetch-and-rpc-share': 'S2.1.1 fetch and methods see one instance',
  'function-argument': 'S7.5.2 a function as argument',
  'function-result': 'S7.5.2 a function as result',
  target: 'S7.4.1 an RpcTarget as result',
  pipelining: 'S7.3.1 pipelining',
  disposed: 'S7.4.2 dup and dispose',
  'big-values': 'S7.5.7 big values',
  streams: 'S7.5.3 streams both ways',
  'platform-values': 'S7.5.3 requests, responses and headers',
  'stub-as-argument': 'S1.6.5 a stub as argument',
  'object-calls-object': 'S7.2.3 an object calls another',
  'legacy-class': 'S1.10.3 a class without the base class',
  'stub-properties': 'S1.6.2 properties of a stub',
  'reply-object': 'S7.5.9 a result object has a disposer',
  entrypoint: 'S7.7.1 entrypoints through ctx.exports',
  'ctx-exports-unbound': 'S1.13.1 ctx.exports has classes that no binding names',
  'ctx-exports-namespace': 'S1.13.1 ctx.exports has the namespaces',
});
