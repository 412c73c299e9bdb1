import { probeCases } from '../../harness/probes.mjs';

export const config = {
  bindings: { OBJECT: 'Holder' },
  classes: { Holder: { sqlite: true } },
  wrangler: {
    d1_databases: [
      { binding: 'DB', database_name: 'first', database_id: 'first' },
      { binding: 'OTHER', database_name: 'second', database_id: 'second' },
    ],
  },
  miniflare: { d1Databases: { DB: 'first', OTHER: 'second' } },
};

export const cases = [
  ...probeCases({
    queries: 'S8.7.1 D1: the forms of results',
    meta: 'S8.7.1 D1: meta',
    values: 'S8.7.1 D1: values',
    errors: 'S8.7.1 D1: errors',
    exec: 'S8.7.1 D1: exec()',
    batch: 'S8.7.1 D1: batch()',
    sessions: 'S8.7.1 D1: sessions',
    shape: 'S8.7.1 D1: what the binding looks like',
    other: 'S8.7.1 D1: databases are apart',
    'from-object': 'S8.7.1 D1: in an object',
  }),
  {
    name: 'S8.7.1 D1: rows survive a restart',
    steps: async (t) => {
      await t.quiet('/queries');
      await t.restart();
      await t.fetch('/kept/keep');
    },
  },
];
