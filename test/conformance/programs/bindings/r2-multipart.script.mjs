import { probeCases } from '../../harness/probes.mjs';

export const config = {
  wrangler: { r2_buckets: [{ binding: 'R2', bucket_name: 'bucket' }] },
  miniflare: { r2Buckets: { R2: 'bucket' } },
};

export const cases = [
  ...probeCases({
    basics: 'S8.7.1 R2: uploads in parts',
    order: 'S8.7.1 R2: parts in any order',
    again: 'S8.7.1 R2: a part again',
    sizes: 'S8.7.1 R2: the sizes of parts',
    refusals: 'S8.7.1 R2: what uploads refuse',
    abort: 'S8.7.1 R2: an upload that is aborted',
    resume: 'S8.7.1 R2: an upload that is resumed',
    replaces: 'S8.7.1 R2: uploads replace objects',
    empty: 'S8.7.1 R2: an upload without parts',
  }),
  {
    name: 'S8.7.1 R2: an upload goes on after a restart',
    steps: async (t) => {
      await t.quiet('/begin');
      await t.restart();
      await t.fetch('/finish/keep');
    },
  },
];
