import { probeCases } from '../../harness/probes.mjs';

export const config = {
  compatibilityFlags: ['allow_irrevocable_stub_storage'],
  bindings: { STORE: 'Store' },
  services: { NAMED: { entrypoint: 'Greeter', props: { greeting: 'env' } } },
  classes: { Store: { sqlite: true }, Legacy: { sqlite: false } },
};

const kinds = [
  ...[
    'rpc',
    'target',
    'function',
    'plain',
    'service',
    'loopback',
    'object',
    'env-service',
    'facet',
  ],
];

export const cases = [
  {
    name: 'S2.10.2 stubs that another request has got',
    steps: async (t) => {
      await t.fetch('/keep');
      await t.fetch('/use-kept');
    },
  },
  ...probeCases({
    ...Object.fromEntries(
      kinds.map((kind) => [`round-trip-${kind}`, `S3.8.9 restored, stored and loaded: ${kind}`]),
    ),
    dup: 'S3.8.9 duplicates of restored stubs',
    dispose: 'S3.8.9 disposal of restored stubs',
    'rpc-of-loaded': 'S3.8.9 calls of a loaded stub',
    nested: 'S3.8.9 restored stubs inside of a value',
    fetch: 'S3.8.9 fetch() of restored stubs',
    connect: 'S3.8.9 connect() of restored stubs',
    params: 'S3.8.9 the parameters of [restore]()',
    'params-caps': 'S3.8.9 stubs in the parameters',
    'bad-params': 'S3.8.9 parameters that cannot be kept',
    results: 'S3.8.9 what [restore]() may give',
    'changed-service-rpc': 'S3.8.9 a service that is an RpcStub later',
    'changed-rpc-service': 'S3.8.9 an RpcStub that is a service later',
    'changed-rpc-throws': 'S3.8.9 [restore]() throws later',
    'changed-service-rejects': 'S3.8.9 [restore]() rejects later',
    'changed-rpc-number': 'S3.8.9 [restore]() gives no stub later',
    'in-props': 'S3.8.9 restored stubs in props',
    'facet-chain': 'S3.8.9 a chain through a facet',
    'facet-direct': 'S3.8.9 a facet that was reached directly',
    'facet-stub-over-rpc': 'S3.8.9 a restored facet goes to another object',
    static: 'S3.8.9 an entrypoint begins a chain of its own',
    'own-receiver': 'S1.11 ctx.restore',
    entrypoint: 'S3.8.9 ctx.restore() of an entrypoint',
    'no-method': 'S3.8.9 without a [restore]() method',
    handlers: 'S3.8.9 ctx.restore() of handlers',
    'over-rpc': 'S3.8.9 restored stubs go over RPC',
    'given-by-object': 'S3.8.9 a restored stub that an object gives',
    legacy: 'S3.8.9 restored stubs in the older storage',
    'of-worker': 'S1.11 ctx.restore of a Worker',
  }),
];
