import { probeCases } from '../../harness/probes.mjs';

export const config = {
  compatibilityFlags: ['experimental', 'enable_abortsignal_rpc'],
  bindings: { T: 'Thing' },
  classes: { Thing: { sqlite: true } },
  vars: { TEXT: 'a variable', OBJECT: { a: 1 } },
};

export const cases = probeCases({
  exported: 'S7.9 what cloudflare:workers exports',
  cache: 'S9.1.2 cache of the module and of ctx',
  'top-level-env': 'S7.9.1 env at the top level of a module',
  'env-view': 'S7.9 env of the module',
  'env-changes': 'S7.9 changes of the env of the module, and of the env of a handler',
  'exports-changes': 'S7.9 changes of the exports of the module',
  'env-calls': 'S7.9 bindings of the module make calls',
  'exports-view': 'S7.9 exports of the module',
  'with-env': 'S7.9 withEnv holds through awaits',
  'with-both': 'S7.9 withEnvAndExports',
  'with-nested': 'S7.9 withEnv inside withEnv',
  'in-objects': 'S7.9 env of the module in objects and entrypoints',
  'wait-until': 'S7.9 waitUntil of the module',
  'signal-argument': 'S7.5.3 an AbortSignal as argument',
  'signal-aborted': 'S7.5.3 a signal that was aborted before',
  'signal-result': 'S7.5.3 an AbortSignal as result',
  'signal-reason': 'S7.5.3 reasons of signals',
  'signal-in-request': 'S7.5.3 the signal of a Request',
});
