import { probeCases } from '../../harness/probes.mjs';

export const config = { bindings: { T: 'Thing' }, classes: { Thing: { sqlite: true } } };

const probes = probeCases({
  construct: 'S7.4.1 what RpcStub takes',
  'local-calls': 'S7.4.1 calls of a local stub are not made at once',
  dup: 'S7.4.2 dup gives an independent handle',
  'dup-disposed': 'S7.4.2 using and duplicating what is disposed',
  'sent-disposed': 'S7.6.1 a stub that was disposed of before it is sent',
  'not-sent': 'S7.3.1 what depends on a result that cannot be sent',
  'on-broken': 'S7.4.3 stubs have no onRpcBroken',
  'disposer-runs': 'S7.4.4 the disposer of a target runs once, after the last handle',
  'disposer-functions': 'S7.4.4 disposers of functions and plain objects',
  'disposer-throws': 'S7.4.4 a disposer that throws',
  'disposer-argument': 'S7.4.4 the disposer of a target among the arguments',
  'argument-after': 'S7.6.1 an argument after its call',
  'argument-dup': 'S7.6.1 an argument that was duplicated',
  'argument-failed-call': 'S7.6.1 an argument after a call that failed',
  'argument-in-flight': 'S7.6.1 an argument while its call is under way',
  'result-stubs': 'S7.6.1 stubs inside a result',
  'result-nested': 'S7.6.1 a disposed result takes what is nested',
  'result-dup': 'S7.6.1 a duplicate outlives its result',
  'pass-on': 'S7.6.1 a stub passed on to a third',
  'round-trip': 'S7.6.1 a callback that comes back to its maker',
  'many-stubs': 'S7.6.1 many stubs of one target',
  'held-by-object': 'S7.6.4 an object keeps a duplicate between calls of one request',
  'aborted-object': 'S7.6.6 stubs of an object that was reset',
  'aborted-while-called': 'S7.6.6 calls of a target when its object is reset',
});

export const cases = [
  ...probes,
  {
    name: 'S7.6.3 a callback whose request has ended',
    steps: async (t) => {
      await t.fetch('/keep-callback');
      await t.fetch('/call-kept');
    },
  },
  {
    name: 'S7.6.4 stubs of a request that has ended are disposed of',
    steps: async (t) => {
      await t.fetch('/leave-stub');
      await t.fetch('/left-disposed');
    },
  },
  {
    name: 'S7.6.3 a callback while waitUntil goes on',
    steps: async (t) => {
      await t.fetch('/keep-with-wait');
      await t.fetch('/call-kept-early');
    },
  },
];
