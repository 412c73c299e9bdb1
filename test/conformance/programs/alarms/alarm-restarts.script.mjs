export const config = {
  bindings: { ALARMED: 'Alarmed' },
  classes: { Alarmed: { sqlite: true } },
};

export const cases = [
  {
    name: 'S1.2.4 the name of an object that an alarm wakes after a restart',
    steps: async (t) => {
      await t.fetch('/named/set/700');
      await t.restart();
      await t.pause(900);
      await t.fetchUntil('/named/state', 'false');
    },
  },
  {
    name: 'S1.2.4 an object without a name that an alarm wakes after a restart',
    steps: async (t) => {
      await t.fetch('/unnamed/set/700');
      await t.restart();
      await t.pause(900);
      await t.fetchUntil('/unnamed/state', 'no name');
    },
  },
  {
    name: 'S5.6.4 a deleted alarm stays deleted after a restart',
    steps: async (t) => {
      await t.fetch('/deleted/set/600');
      await t.fetch('/deleted/delete');
      await t.restart();
      await t.pause(800);
      await t.fetch('/deleted/state');
    },
  },
  {
    name: 'S5.6.4 an alarm replaced before a restart runs once',
    steps: async (t) => {
      await t.fetch('/replaced/set/1000000');
      await t.fetch('/replaced/set/500');
      await t.restart();
      await t.pause(700);
      await t.fetchUntil('/replaced/state', 'false');
      await t.pause(200);
      await t.fetch('/replaced/state');
    },
  },
  {
    name: 'S5.6.1 a rolled back alarm does not run after a restart',
    steps: async (t) => {
      await t.fetch('/rolled-back/setInTransactionThatFails/300');
      await t.restart();
      await t.pause(500);
      await t.fetch('/rolled-back/state');
    },
  },
  {
    name: 'S5.4.6 a failed run starts counting anew after a restart',
    steps: async (t) => {
      await t.fetch('/fails/set/10');
      await t.fetchUntil('/fails/state', 'false');
      await t.restart();
      await t.pause(500);
      await t.fetch('/fails/state');
    },
  },
  {
    name: 'S5.6.4 a run after a restart sets the next alarm',
    steps: async (t) => {
      await t.fetch('/again/set/500');
      await t.restart();
      await t.pause(1_200);
      await t.fetch('/again/state');
    },
  },
  {
    name: 'S5.6.4 all overdue alarms run after a restart',
    steps: async (t) => {
      await t.fetch('/many/set/900');
      await t.restart();
      await t.pause(1_200);
      await t.fetchUntil('/many/state', '60 ran');
    },
  },
  {
    name: 'S5.6.4 an alarm in the future after two restarts',
    steps: async (t) => {
      await t.fetch('/future/set/1000000');
      await t.restart();
      await t.restart();
      await t.fetch('/future/state');
    },
  },
];
