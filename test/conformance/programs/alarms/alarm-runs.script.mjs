export const config = {
  bindings: { ALARMED: 'Alarmed' },
  classes: { Alarmed: { sqlite: true } },
  concurrent: true,
};

const retryDelayMaxMs = 2_500; // S5.4.2: 2 s and at most a quarter more
const marginMs = 1_500;

export const cases = [
  {
    name: 'S5.2.1 an alarm runs once, with info and name',
    steps: async (t) => {
      await t.fetch('/once/set');
      await t.fetchUntil('/once/state', 'retryCount');
    },
  },
  {
    name: 'S5.1.4 a time in the past runs at once',
    steps: async (t) => {
      await t.fetch('/past/set?in=-100000');
      await t.fetchUntil('/past/state', 'retryCount');
    },
  },
  {
    name: 'S5.3.4 a handler may set the next alarm',
    steps: async (t) => {
      await t.fetch('/again/set');
      await t.fetchUntil('/again/state', '"count":3');
    },
  },
  {
    name: 'S5.4.2 a failing run is retried after two seconds',
    steps: async (t) => {
      await t.fetch('/fail-once/set');
      await t.fetchUntil('/fail-once/state', '"retryCount":0');
      await t.pause(500);
      await t.fetch('/fail-once/state');
      await t.fetchUntil('/fail-once/state', '"retryCount":1');
    },
  },
  {
    name: 'S5.3.4 a new alarm replaces the retry of a failing run',
    steps: async (t) => {
      await t.fetch('/fail-and-set/set');
      await t.fetchUntil('/fail-and-set/state', '"sameTimeAsFirst":false');
      await t.pause(retryDelayMaxMs + marginMs);
      await t.fetch('/fail-and-set/state');
    },
  },
  {
    name: 'S5.3.5 deleteAlarm in a failing run cancels the retry',
    steps: async (t) => {
      await t.fetch('/fail-and-delete/set');
      await t.fetchUntil('/fail-and-delete/state', '"retryCount":0');
      await t.pause(retryDelayMaxMs + marginMs);
      await t.fetch('/fail-and-delete/state');
    },
  },
  {
    name: 'S1.14.5 abort in an alarm counts as a failed run',
    steps: async (t) => {
      await t.fetch('/abort-once/set');
      await t.fetchUntil('/abort-once/state', '"retryCount":1');
    },
  },
  {
    name: 'S5.1.6 a deleted alarm does not run',
    steps: async (t) => {
      await t.fetch('/deleted/set?in=3000');
      await t.fetch('/deleted/state');
      await t.fetch('/deleted/delete');
      await t.pause(3_000 + marginMs);
      await t.fetch('/deleted/state');
    },
  },
  {
    name: 'S5.1.2 a later setAlarm replaces the alarm',
    steps: async (t) => {
      await t.fetch('/replaced/set?in=1000000');
      await t.fetch('/replaced/set?in=20');
      await t.fetchUntil('/replaced/state', 'retryCount');
    },
  },
];
