'use strict';

const { compareRuns, diffLines } = require('./compare');

const name = 'S1.2.1 something';
const program = { id: 'area/program', cases: [{ name }] };

function run(lines, { statuses = [200], failure = null } = {}) {
  const observations = new Map(lines ? [[name, { lines, statuses }]] : []);
  return { observations, failure, log: '' };
}

function outcome(oracle, subject, expected = new Map()) {
  const [verdict] = compareRuns(program, oracle, subject, expected);
  return `${verdict.outcome} ${verdict.message.split('\n')[0]}`.trim();
}

test('equal observations pass', () => {
  expect(outcome(run(['a', 'b']), run(['a', 'b']))).toBe('passed');
});

test('a case may say why it differs, and fails when it has no reason', () => {
  const differs = (truth, shown) => (shown[1] === 'c' ? `RFC: not ${truth[1]}` : undefined);
  const withReason = { id: 'area/program', cases: [{ name, differs }] };
  const verdictOf = (lines) => compareRuns(withReason, run(['a', 'b']), run(lines), new Map())[0];
  expect(verdictOf(['a', 'c'])).toMatchObject({ outcome: 'expected', message: 'RFC: not b' });
  expect(verdictOf(['a', 'd']).outcome).toBe('failed');
});

test('a difference fails and is shown', () => {
  const [verdict] = compareRuns(program, run(['a', 'b']), run(['a', 'c']), new Map());
  expect(verdict).toEqual({
    name: 'area/program: S1.2.1 something',
    outcome: 'failed',
    message: '  a\n- b\n+ c',
  });
});

test('an expected difference passes while it differs', () => {
  const expected = new Map([['area/program: S1.2.1 something', 'the reason']]);
  expect(outcome(run(['a']), run(['b']), expected)).toBe('expected the reason');
});

test('an expected difference that is gone is stale', () => {
  const expected = new Map([['area/program: S1.2.1 something', 'the reason']]);
  expect(outcome(run(['a']), run(['a']), expected)).toMatch(/^failed stale: /);
});

test('a server error of the oracle breaks the case unless the case names it', () => {
  const oracle = run(['a'], { statuses: [500] });
  expect(outcome(oracle, run(['a']))).toMatch(
    /^failed the case itself is broken: workerd answered 500/,
  );
  const named = { id: 'area/program', cases: [{ name, status: 500 }] };
  expect(compareRuns(named, oracle, run(['a']), new Map())[0].outcome).toBe('passed');
});

test('an event that did not come at the oracle breaks the case', () => {
  expect(outcome(run(['ws: nothing']), run(['ws: nothing']))).toMatch(/broken: an awaited event/);
});

test('a server that does not start fails its cases', () => {
  expect(outcome(run(['a']), run(null, { failure: 'ended\nstack' }))).toBe(
    'failed holdfast: ended',
  );
  expect(outcome(run(null, { failure: 'ended' }), run(['a']))).toBe('failed workerd: ended');
});

test('a server that ends badly fails its cases though the observations agree', () => {
  expect(outcome(run(['a']), run(['a'], { failure: 'SIGSEGV' }))).toBe('failed holdfast: SIGSEGV');
});

test('diffLines keeps common lines as context', () => {
  expect(diffLines(['a', 'b', 'c'], ['b', 'x', 'c', 'd'])).toBe('- a\n  b\n+ x\n  c\n+ d');
  expect(diffLines([], ['a'])).toBe('+ a');
  expect(diffLines(['a'], [])).toBe('- a');
});
