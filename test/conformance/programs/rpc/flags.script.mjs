import { probeCases } from '../../harness/probes.mjs';

export const config = {
  compatibilityFlags: ['experimental', 'js_rpc', 'env_module_nullable_support'],
  bindings: { PLAIN: 'Plain', GATE: 'Gate' },
  classes: { Plain: { sqlite: false }, Gate: { sqlite: true } },
};

export const cases = probeCases({
  'without-base-class': 'S1.10.3 js_rpc opens classes without the base class',
  'hidden-names': 'S7.1.4 names that members of stubs hide',
  'dup-targets': 'S7.6.2 a target among the arguments is duplicated by its dup',
  'dup-functions': 'S7.6.2 a function among the arguments is duplicated by its dup',
  'dup-refused': 'S7.6.2 dup must return the same kind',
  'dup-from-object': 'S7.6.2 arguments of an object are duplicated too',
  'module-views': 'S7.9 what withEnv and withExports take',
  'global-scope': 'S7.9.1 waitUntil outside of an event',
  'early-exports': 'S7.9.1 exports that the module has read while it was evaluated',
});
