export const config = { bindings: { KEEPER: 'Keeper' }, classes: { Keeper: { sqlite: true } } };

export const cases = [
  {
    name: 'S2.4.2 what was acknowledged is there after a restart',
    steps: async (t) => {
      await t.fetch('/write?written');
      await t.restart();
      await t.fetch('/state?written');
      await t.fetch('/state?another');
    },
  },
  {
    name: 'S5.6.4 an alarm survives a restart',
    steps: async (t) => {
      await t.fetch('/alarm-late?late');
      await t.restart();
      await t.fetch('/state?late');
    },
  },
  {
    name: 'S5.2.3 an alarm that came due runs after the restart',
    steps: async (t) => {
      await t.quiet('/alarm-soon?soon');
      await t.restart();
      await t.fetchUntil('/state?soon', 'ran, 0');
    },
  },
  {
    name: 'S3.9.1 deleteAll holds after a restart',
    steps: async (t) => {
      await t.fetch('/write?wiped');
      await t.fetch('/wipe?wiped');
      await t.restart();
      await t.fetch('/state?wiped');
    },
  },
  {
    name: 'S2.4.2 two restarts in a row',
    steps: async (t) => {
      await t.fetch('/write?again');
      await t.restart();
      await t.restart();
      await t.fetch('/state?again');
    },
  },
];
