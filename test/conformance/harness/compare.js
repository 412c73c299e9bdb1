'use strict';

// Decides the outcome of each case from what the oracle and the subject showed. Pure.
//
// CommonJS, unlike the rest of the harness, so that Jest can test it.

/** Recorded in place of a socket event that did not come in time. */
const nothingCame = 'nothing';

/**
 * @typedef {{name: string, outcome: 'passed' | 'failed' | 'expected', message: string}} Verdict
 *
 * @param {import('./programs.mjs').Program} program
 * @param {import('./run-program.mjs').ProgramRun} oracle
 * @param {import('./run-program.mjs').ProgramRun} subject
 * @param {Map<string, string>} expected reasons of the expected differences, by `program: case`
 * @returns {Verdict[]}
 */
function compareRuns(program, oracle, subject, expected) {
  const verdicts = [];
  for (const testCase of program.cases) {
    const truth = oracle.observations.get(testCase.name);
    const shown = subject.observations.get(testCase.name);
    const name = `${program.id}: ${testCase.name}`;
    if (!truth && !shown && !oracle.failure && !subject.failure) continue; // filtered out
    const { outcome, message } = judge(testCase, truth, shown, oracle, subject, expected.get(name));
    verdicts.push({ name, outcome, message });
  }
  return verdicts;
}

function judge(testCase, truth, shown, oracle, subject, reason) {
  if (!truth || oracle.failure) return failed(`workerd: ${firstLine(oracle.failure)}`);
  const wrong = brokenCase(testCase, truth);
  if (wrong) return failed(`the case itself is broken: ${wrong}\n${truth.lines.join('\n')}`);
  if (!shown) return failed(`holdfast: ${firstLine(subject.failure)}`);
  const same = truth.lines.join('\n') === shown.lines.join('\n');
  if (reason !== undefined) {
    return same
      ? failed(`stale: no longer differs, remove it from expected-differences.json (${reason})`)
      : { outcome: 'expected', message: reason };
  }
  if (!same) {
    const message = testCase.differs?.(truth.lines, shown.lines);
    if (message !== undefined) return { outcome: 'expected', message };
    return failed(diffLines(truth.lines, shown.lines));
  }
  if (subject.failure) return failed(`holdfast: ${firstLine(subject.failure)}`);
  return { outcome: 'passed', message: '' };
}

/** The whole text of a failed server is printed once per program, not once per case. */
function firstLine(failure) {
  return failure?.split('\n')[0] ?? 'showed nothing';
}

function failed(message) {
  return { outcome: 'failed', message };
}

/** A case whose oracle output is an accident proves nothing. */
function brokenCase(testCase, { lines, statuses }) {
  const last = lines.at(-1) ?? '';
  if (lines.length === 0) return 'nothing was observed';
  if (last.startsWith('failed: ')) return last;
  if (lines.some((line) => line.endsWith(`: ${nothingCame}`)))
    return 'an awaited event did not come';
  if (testCase.status !== undefined) {
    const status = statuses.at(-1);
    return status === testCase.status ? null : `workerd answered ${status}, not ${testCase.status}`;
  }
  const bad = statuses.find((status) => status >= 500);
  return bad === undefined ? null : `workerd answered ${bad}`;
}

/** A line diff: common lines are kept as context, `-` is workerd, `+` is Holdfast. */
function diffLines(truth, shown) {
  const common = longestCommon(truth, shown);
  const out = [];
  let i = 0;
  let j = 0;
  for (const line of [...common, undefined]) {
    while (i < truth.length && truth[i] !== line) out.push(`- ${truth[i++]}`);
    while (j < shown.length && shown[j] !== line) out.push(`+ ${shown[j++]}`);
    if (line !== undefined) out.push(`  ${line}`);
    i++;
    j++;
  }
  return out.join('\n');
}

function longestCommon(a, b) {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i][j] =
        a[i] === b[j] ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  const common = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) {
      common.push(a[i]);
      i++;
      j++;
    } else if (lengths[i + 1][j] >= lengths[i][j + 1]) i++;
    else j++;
  }
  return common;
}

module.exports = { compareRuns, diffLines, nothingCame };
