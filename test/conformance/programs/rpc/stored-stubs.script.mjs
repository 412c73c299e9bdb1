import { probeCases } from '../../harness/probes.mjs';

export const config = {
  compatibilityFlags: ['allow_irrevocable_stub_storage'],
  bindings: { STORE: 'Store' },
  services: { SELF: {}, NAMED: { entrypoint: 'Greeter' } },
  classes: { Store: { sqlite: true }, Legacy: { sqlite: false } },
};

export const cases = probeCases({
  own: 'S3.8.9 what an object gets from ctx.exports',
  nested: 'S3.8.9 inside of a value',
  ways: 'S3.8.9 every way to write and to read',
  errors: 'S3.8.9 what cannot be stored',
  'props-errors': 'S3.8.9 props that cannot be stored',
  'props-kept': 'S3.8.9 values of props',
  'props-nested': 'S3.8.9 stubs in props',
  'props-changed': 'S3.8.9 props that an entrypoint changes',
  facet: 'S3.8.9 a facet of a stored class',
  'facet-class-error': 'S3.8.9 a facet of what is stored and no class',
  fetch: 'S3.8.9 fetch() and errors of a stored stub',
  default: 'S3.8.9 the default entrypoint',
  'same-key': 'S3.8.9 stubs that are overwritten',
  'stored-again': 'S3.8.9 what was loaded is stored again',
  duplicate: 'S3.8.9 structuredClone() of stubs',
  legacy: 'S3.8.9 the older storage',
  'over-rpc': 'S3.8.9 stubs that went over RPC first',
  'class-over-rpc': 'S7.5.3 classes over RPC',
  minted: 'S3.8.9 a stub that an entrypoint gave',
  ids: 'S3.8.9 stubs by id and by its text',
});
