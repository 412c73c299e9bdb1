import { probeCases } from '../../harness/probes.mjs';

export const config = {
  bindings: { OBJECT: 'Holder' },
  classes: { Holder: { sqlite: true } },
  wrangler: {
    kv_namespaces: [
      { binding: 'KV', id: 'first' },
      { binding: 'OTHER', id: 'second' },
    ],
  },
  miniflare: { kvNamespaces: { KV: 'first', OTHER: 'second' } },
};

export const cases = [
  ...probeCases({
    'get-types': 'S8.7.1 KV: the types of get()',
    'put-values': 'S8.7.1 KV: what put() takes',
    keys: 'S8.7.1 KV: keys',
    metadata: 'S8.7.1 KV: metadata',
    expiration: 'S8.7.1 KV: expiration',
    'cache-ttl': 'S8.7.1 KV: cacheTtl',
    deletes: 'S8.7.1 KV: delete()',
    list: 'S8.7.1 KV: list()',
    bulk: 'S8.7.1 KV: several keys at once',
    large: 'S8.7.1 KV: the largest values',
    shape: 'S8.7.1 KV: what the binding looks like',
    order: 'S8.7.1 KV: calls that overlap',
    'from-object': 'S8.7.1 KV: in an object',
  }),
  {
    name: 'S8.7.1 KV: values and metadata survive a restart',
    steps: async (t) => {
      await t.quiet('/metadata');
      await t.restart();
      await t.fetch('/kept/keep');
    },
  },
];
