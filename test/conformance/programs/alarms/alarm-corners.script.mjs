export const config = {
  bindings: { ALARMED: 'Alarmed', NOTES: 'Notes' },
  classes: { Alarmed: { sqlite: true }, Notes: { sqlite: true } },
  concurrent: true,
};

const retryMs = 4_500; // S5.4.2: 2 s and at most a quarter more, and a margin

/** The object runs its plan until its notes contain `text`; after `pause` nothing more must have come. */
const plan = (object, name, text, pause = 150) => ({
  name,
  steps: async (t) => {
    await t.fetch(`/${object}/setup`);
    if (text !== undefined) await t.fetchUntil(`/${object}/notes`, text);
    await t.pause(pause);
    await t.fetch(`/${object}/state`);
  },
});

/** As plan(), with a request that pokes the object once its notes contain `first`. */
const poked = (object, name, first, text, pause = 150) => ({
  name,
  steps: async (t) => {
    await t.fetch(`/${object}/setup`);
    await t.fetchUntil(`/${object}/notes`, first);
    await t.pause(100);
    await t.fetch(`/${object}/poke`);
    if (text !== undefined) await t.fetchUntil(`/${object}/notes`, text);
    await t.pause(pause);
    await t.fetch(`/${object}/state`);
  },
});

export const cases = [
  plan('set-in-transaction', 'S5.6.1 an alarm of a transaction runs', 'run 0 ends'),
  plan(
    'set-in-rolled-back-transaction',
    'S5.6.1 an alarm of a rolled back transaction does not run',
  ),
  plan(
    'deleted-in-rolled-back-transaction',
    'S5.6.1 rollback restores the alarm, which runs',
    'run 0 ends',
  ),
  plan('rollback-called', 'S5.6.1 txn.rollback() restores the earlier time', 'run 0 ends'),
  plan('nested-sync-transaction', 'S5.6.1 a nested transaction restores the outer alarm'),
  plan('alarm-and-data', 'S5.6.1 the alarm and the data of one turn', 'run 0 ends'),
  plan('transaction-in-run', 'S5.3.1 a transaction in a run', 'run 0 ends'),
  plan('rolled-back-set-in-run', 'S5.3.1 a rolled back setAlarm in a run', 'run 0 ends'),
  plan(
    'deleted-then-rolled-back-in-run',
    'S5.3.5 a rolled back deleteAlarm in a failing run',
    'run 1', // the retry after it is due 4 s to 5 s later: the state is read long before
  ),
  plan(
    'deleted-in-transaction-in-run',
    'S5.3.5 deleteAlarm in a transaction of a failing run',
    'run 0',
    retryMs,
  ),
  plan('nested-rollback-in-run', 'S5.3.1 a nested transaction undone in a run', 'run 0 ends'),
  plan('nested-set-in-run', 'S5.3.4 a nested transaction sets the next alarm', 'run 0 ends'),
  plan('set-twice-to-the-same-time', 'S5.1.2 setAlarm to the time it has', 'run 0 ends'),
  plan('delete-all', 'S5.6.6 deleteAll deletes the alarm', undefined, 400),
  plan('delete-all-then-set', 'S5.6.6 an alarm set after deleteAll runs', 'run 0 ends'),
  plan('delete-all-in-run', 'S5.6.6 deleteAll in a run', 'run 0 ends'),
  plan('delete-all-in-failing-run', 'S5.6.6 deleteAll in a failing run', 'run 0', retryMs),
  plan('delete-in-run', 'S5.3.5 deleteAlarm in a run', 'run 0 ends'),
  plan('set-then-delete-in-run', 'S5.3.5 setAlarm and deleteAlarm in a run', 'run 0 ends'),
  plan('delete-then-set-in-run', 'S5.3.4 deleteAlarm and setAlarm in a run', 'run 1 ends'),
  plan('set-same-time-in-run', 'S5.3.4 setAlarm to the time of the run', 'run 2 ends'),
  plan('set-past-in-run', 'S5.1.4 setAlarm to the past in a run', 'run 3 ends'),
  plan('set-far-in-run', 'S5.3.4 setAlarm to a later time in a run', 'run 0 ends'),
  plan('far-then-fails', 'S5.3.4 a failing run that set a later alarm', 'run 0', retryMs),
  plan('section-in-run', 'S1.12.1 a section in a run', 'run 0 ends'),
  plan('section-fails-in-run', 'S5.4.1 a failing section is a failed run', 'run 1 ends'),
  plan('abort-without-retry', 'S5.4.5 abort with retryAlarm false', 'run 0', retryMs),
  plan(
    'abort-then-set',
    'S5.4.5 an alarm set after abort with retryAlarm false stays',
    'run 0',
    500,
  ),
  plan('abort-with-retry', 'S1.14.5 abort with retryAlarm true', 'run 1 ends'),
  plan('fails-twice', 'S5.4.2 the second retry', 'run 2 ends'),
  plan('throws-text', 'S5.4.1 a run that throws no error', 'run 1 ends'),
  plan('write-then-fail', 'S5.3.3 writes of a failing run are kept', 'run 1 ends'),
  plan('commit-fails-in-run', 'S5.4.1 a run whose commit fails', 'run 1 ends'),
  plan('background-after-run', 'S5.3.2 background work of a run', 'run 0 ends'),
  plan('background-sets-alarm', 'S5.3.4 background work sets the next alarm', 'run 1 ends'),
  plan('calls-itself', 'S5.2.2 a run calls its own object', 'run 0 ends'),
  plan('calls-another', 'S5.2.2 a run calls another object', 'run 0 ends'),
  plan('arguments-of-alarm', 'S5.2.1 what the handler is given', 'run 0 ends'),
  poked('served-during-run', 'S5.2.2 requests are served during a run', 'run 0', 'run 0 ends'),
  poked(
    'set-by-request-during-run',
    'S5.3.4 a request sets the alarm during a run',
    'run 0',
    'run 1 ends',
  ),
  plan('never-two-at-once', 'S5.2.4 runs never overlap', 'run 3 ends'),
  plan('waits-for-section', 'S5.2.2 an alarm waits for an open section', 'run 0 ends'),
  plan('options-of-set', 'S5.1.1 options do not change what an alarm does', 'run 0 ends'),
  plan('date', 'S5.1.1 the time as a Date', 'run 0 ends'),
  plan('set-twice', 'S5.1.2 the last setAlarm of a turn counts', 'run 0 ends'),
  plan('set-and-delete', 'S5.1.2 setAlarm and deleteAlarm in one turn'),
  plan('set-from-two-objects', 'S5.1.2 every object has its own alarm', 'run 0 ends'),
  poked(
    'fails-then-new-alarm',
    'S5.4.7 a new alarm replaces the pending retry',
    'run 0',
    'run 1 ends',
    retryMs,
  ),
  poked('fails-then-deleted', 'S5.3.5 deleteAlarm between retries', 'run 0', undefined, retryMs),
  {
    name: 'S5.3.3 getAlarm between retries',
    steps: async (t) => {
      await t.fetch('/alarm-between-retries/setup');
      await t.fetchUntil('/alarm-between-retries/notes', 'run 0');
      await t.pause(300);
      await t.fetch('/alarm-between-retries/state');
      await t.fetchUntil('/alarm-between-retries/notes', 'run 1 ends');
      await t.pause(100);
      await t.fetch('/alarm-between-retries/state');
    },
  },
  plan(
    'own-property-handler',
    'S1.10.4 a handler that is a property of the instance',
    'handler of the instance',
  ),
];
