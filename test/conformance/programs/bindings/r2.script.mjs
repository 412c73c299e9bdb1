import { probeCases } from '../../harness/probes.mjs';

export const config = {
  bindings: { OBJECT: 'Holder' },
  classes: { Holder: { sqlite: true } },
  wrangler: {
    r2_buckets: [
      { binding: 'R2', bucket_name: 'first' },
      { binding: 'OTHER', bucket_name: 'second' },
    ],
  },
  miniflare: { r2Buckets: { R2: 'first', OTHER: 'second' } },
};

export const cases = [
  ...probeCases({
    basics: 'S8.7.1 R2: put, head, get, delete',
    values: 'S8.7.1 R2: what put() takes',
    streams: 'S8.7.1 R2: streams that fail',
    keys: 'S8.7.1 R2: keys',
    bodies: 'S8.7.1 R2: the body of an object',
    metadata: 'S8.7.1 R2: metadata',
    checksums: 'S8.7.1 R2: checksums',
    options: 'S8.7.1 R2: storage class and keys of encryption',
    shape: 'S8.7.1 R2: what the binding looks like',
    order: 'S8.7.1 R2: calls that overlap',
    large: 'S8.7.1 R2: large values',
    'from-object': 'S8.7.1 R2: in an object',
  }),
  {
    name: 'S8.7.1 R2: values and metadata survive a restart',
    steps: async (t) => {
      await t.quiet('/metadata');
      await t.restart();
      await t.fetch('/kept/keep');
    },
  },
  {
    name: 'S8.7.1 R2: bodies of requests and responses',
    steps: async (t) => {
      const type = { 'content-type': 'text/x', 'cache-control': 'no-store' };
      await t.fetch({ method: 'PUT', path: '/upload', headers: type, body: 'uploaded' });
      await t.fetch('/download');
      await t.fetch({ path: '/download', headers: { range: 'bytes=1-3' } });
      await t.fetch({ path: '/download', headers: { 'if-none-match': '"other"' } });
    },
  },
];
