import { probeCases } from '../../harness/probes.mjs';

export const config = {
  bindings: { OBJECT: 'Holder' },
  classes: { Holder: { sqlite: true } },
  miniflare: {},
};

export const cases = [
  ...probeCases({
    basics: 'S9.2 caches: match, put, delete',
    named: 'S9.2 caches: caches have names',
    methods: 'S9.2 caches: methods other than GET',
    refusals: 'S9.2 caches: what is refused',
    'cache-control': 'S9.2 caches: what is stored, and for how long',
    conditions: 'S9.2 caches: conditional requests',
    ranges: 'S9.2 caches: ranges',
    bodies: 'S9.2 caches: bodies',
    shape: 'S9.2 caches: what they look like',
    'from-object': 'S9.2 caches: in an object',
  }),
  {
    name: 'S9.2 caches: responses survive a restart',
    steps: async (t) => {
      await t.quiet('/conditions');
      await t.quiet('/named');
      await t.restart();
      await t.fetch('/kept');
    },
  },
];
