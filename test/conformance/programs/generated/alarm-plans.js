// alarm-plans.js: the steps of generated/alarms that a seed chooses.

const options = [
  undefined,
  undefined,
  undefined,
  { allowUnconfirmed: true },
  { allowConcurrency: true },
  { allowUnconfirmed: true, allowConcurrency: true, noCache: true },
];
const badTimes = [
  ...[
    'zero',
    'negative',
    'small',
    'nan',
    'invalid',
    'text',
    'digits',
    'nothing',
    'undefined',
    'null',
    'object',
    'bigint',
  ],
  ...[
    'year2300',
    'huge',
    'infinite',
    'negative infinite',
    'before 1687',
    'options a number',
    'options a text',
  ],
];
const modes = [undefined, undefined, undefined, 'date', 'not awaited'];

/** workerd may lose an alarm that a handler sets without confirmation. */
const runOptions = options.filter((given) => !given?.allowUnconfirmed);

/** What needs no turn of its own: fit for transactionSync().
 * @param {import('../random.js').Random} r @param {{times: unknown[], isRun?: boolean}} place */
const makeAlarmStep = (r, { times, isRun }) =>
  r.weighted([
    [5, () => ['setAlarm', r.pick(times), r.pick(isRun ? runOptions : options), r.pick(modes)]],
    [4, () => ['getAlarm', undefined, r.pick(options)]],
    [3, () => ['deleteAlarm', undefined, r.pick(options), r.pick(modes)]],
    [2, () => ['put', r.below(100)]],
    [1, () => ['bad', r.pick(badTimes)]],
  ])();

const callTimes = ['near', 'near', 1, 2];
const ends = ['commit', 'commit', 'throw', 'rollback'];

/** What a transactionSync() that throws undoes of an alarm that runs differs: see docs/compatibility.md. */
const isAlarmWrite = ([kind]) => kind === 'setAlarm' || kind === 'deleteAlarm';

function makeTransactionSync(r, place) {
  const steps = r.list(3, () => makeAlarmStep(r, place));
  const end = r.pick(ends);
  return ['transactionSync', steps, place.isRun && steps.some(isAlarmWrite) ? 'commit' : end];
}

/**
 * @param {import('../random.js').Random} r
 * @param {{times: unknown[], isRun?: boolean, isAlone?: boolean}} place
 * @param {number} depth
 */
function makeStep(r, place, depth) {
  const inner = () => r.list(3, () => makeStep(r, place, depth - 1));
  const nests = depth > 0;
  return r.weighted([
    [12, () => makeAlarmStep(r, place)],
    [1, () => ['get']],
    [1, () => ['sync']],
    [1, () => ['name']],
    [1, () => ['deleteAll']],
    [place.isAlone ? 1 : 0, () => ['facet', r.pick(['setAlarm', 'getAlarm', 'deleteAlarm'])]],
    [nests ? 2 : 0, () => ['transaction', inner(), r.pick(ends), r.pick(['txn', 'storage'])]],
    [nests ? 2 : 0, () => makeTransactionSync(r, place)],
    [nests ? 2 : 0, () => ['block', inner()]],
    [nests ? 1 : 0, () => ['try', inner()]],
  ])();
}

/** The steps of requests that are made at once. @param {import('../random.js').Random} r */
export function makeRound(r) {
  if (r.chance(15)) return makeHeldRound(r);
  const count = 1 + r.below(3);
  return Array.from({ length: count }, () => makeCall(r, count === 1));
}

/**
 * One request keeps the gate while an alarm comes due. The others only read: an alarm that is due runs on workerd although it was
 * replaced a moment ago, see docs/compatibility.md; and what sync() lets go on may come before the alarm is taken or after.
 */
const makeHeldRound = (r) => [
  [...r.list(4, () => makeStep(r, { times: callTimes }, 2)), ['hold']],
  ...r.list(3, () =>
    r.pick([
      [['sync'], ['get']],
      [['getAlarm'], ['name']],
      [['name'], ['sync']],
    ]),
  ),
];

/** @param {import('../random.js').Random} r @param {boolean} isAlone no other request is there at the time */
function makeCall(r, isAlone) {
  const steps = r.list(4, () => makeStep(r, { times: callTimes, isAlone }, 2));
  if (r.chance(isAlone ? 40 : 10)) steps.push(['setAlarm', 'near', r.pick(options)]);
  if (isAlone && r.chance(10)) steps.push(['setAlarm', 'past', r.pick(options)]);
  if (r.chance(8)) steps.push(r.pick([['throw'], isAlone ? ['abort', 'default'] : ['throw']]));
  return steps;
}

/** Of a handler. @param {import('../random.js').Random} r @param {boolean} fails */
export function makeRun(r, fails) {
  const failure = fails ? makeFailure(r) : [];
  const ends = failure.some(([kind]) => kind !== 'throw');
  // workerd loses an alarm that is set to the millisecond of the one that runs.
  const isLate = r.chance(50);
  const place = { times: runTimes(ends, isLate), isRun: true, isAlone: true };
  const steps = r.list(3, () => makeStep(r, place, 2));
  if (r.chance(20)) steps.push(['meet'], ...r.list(2, () => makeStep(r, place, 1)));
  if (isLate) steps.unshift(['wait']);
  const at = r.below(steps.length + 1);
  const before = steps.slice(0, at);
  // What deleteAll() has done stays on workerd when the object ends, but not the alarm that it leaves.
  const isSettled = ends && JSON.stringify(before).includes('deleteAll');
  return [...before, ...(isSettled ? [['sync']] : []), ...failure, ...steps.slice(at)];
}

/** @param {boolean} ends with the object: what is set a moment before may not have reached workerd's scheduler yet */
function runTimes(ends, isLate) {
  if (ends) return [1, 2, 3];
  return isLate ? ['near', 'past', 'same', 1, 2, 3] : ['near', 1, 2, 3];
}

const makeFailure = (r) =>
  r.pick([
    [['throw']],
    [['throw']],
    [['abort', 'default']],
    [['abort', true]],
    // What it wrote is lost otherwise, and then workerd keeps the alarm that it gave up: see docs/compatibility.md.
    [['sync'], ['abort', false]],
    [['block', [['setAlarm', 2], ['throw']]]],
    [['block', [['throw']]]],
  ]);

/** A request while a handler waits for it. @param {import('../random.js').Random} r */
export const makeVisit = (r) =>
  r.list(3, () => makeStep(r, { times: ['near', 'past', 1, 2], isRun: true, isAlone: true }, 1));

/** Of the n-th instance. After the first one, what it sets is far: a near one may replace a retry, which workerd has at another time
 * (alarms/alarm-corners). @param {import('../random.js').Random} r @param {number} n */
export function makeStart(r, n) {
  const times = n === 0 ? ['near', 1] : [1, 2];
  const how = r.weighted([
    [8, 'plain'],
    [n === 0 ? 0 : 1, 'throws'],
    [2, 'section'],
  ]);
  return { how, steps: r.chance(25) ? r.list(2, () => makeAlarmStep(r, { times })) : [] };
}

/** Before the object is evicted. @param {import('../random.js').Random} r */
export function makeSleep(r) {
  const set = ['setAlarm', 'asleep', r.pick(runOptions), r.pick([undefined, 'date'])];
  return r.weighted([
    [2, () => [['getAlarm']]],
    [2, () => [set]],
    [1, () => [['transaction', [set], r.pick(ends), r.pick(['txn', 'storage'])]]],
    [1, () => [['block', [set]]]],
    [1, () => [set, ['deleteAlarm']]],
    [1, () => [['deleteAll'], set, ['sync']]],
  ])();
}
