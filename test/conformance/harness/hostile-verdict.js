'use strict';

// Why Holdfast may answer hostile bytes differently from workerd: where workerd is laxer than RFC 9110 and RFC 9112, or stricter than
// a server needs to be. Each rule allows one shape of difference; all else that differs is a failure.

const isAnswer = (line) => line.startsWith('HTTP/1.');
const refusalLine = /^HTTP\/1\.1 (?:400|413|417|501|505) /;

/**
 * @param {ReturnType<typeof import('./hostile-requests.mjs').hostileRequests>} requests
 * @returns {(truth: string[], shown: string[]) => string | undefined} the clause, when the difference is what the clause makes it
 */
function whyTheyDiffer(requests) {
  return (truth, shown) => {
    const { clauses, expected } = asTheRfcsHaveIt(requests, truth, shown);
    if (expected.join('\n') === shown.join('\n')) return clauses.join('; ');
    if (wasReset(expected) && begins(expected, shown) && shown.includes('closed')) {
      return [...clauses, 'RFC 9112, 9.6: a reset took the last answers along'].join('; ');
    }
    const other = verdict(requests, expected, shown);
    return other && [...clauses, other].join('; ');
  };
}

const wasReset = (lines) => lines.includes('reset');

/** What workerd showed, with what is only a matter of form put right; and the clauses for that. */
function asTheRfcsHaveIt({ name, target, before }, truth, shown) {
  const clauses = [];
  let expected = truth;
  const put = (clause, lines) => {
    if (lines.join('\n') !== expected.join('\n')) clauses.push(clause);
    expected = lines;
  };
  put(
    'RFC 9110, 6.2: a server answers in its own version',
    expected.map((line) => line.replace(/^HTTP\/1\.0 /, 'HTTP/1.1 ')),
  );
  if (name.startsWith('expect ')) {
    const hasInterim = shown.includes('HTTP/1.1 100 Continue');
    put(
      'RFC 9110, 10.1.1: no 100 when the body is there already',
      hasInterim ? expected : expected.filter((line) => line !== 'HTTP/1.1 100 Continue'),
    );
  }
  if (target === '*') {
    put(
      'RFC 9112, 3.2.4: a server without a path is /',
      expected.map((line) => line.replace(/("url": "http:\/\/[^/*"]*)\*"/, '$1/"')),
    );
  }
  const [, scheme, authority] = /^(https?:\/\/)([^/?]*)/i.exec(target) ?? [];
  if (scheme !== undefined) {
    const origin = scheme.toLowerCase() + authority;
    let answers = 0;
    put(
      'RFC 9112, 3.2.2: the authority of an absolute target counts, not Host',
      expected.map((line) => {
        if (isAnswer(line)) answers++;
        return answers === before + 1
          ? line.replace(/("url": ")http:\/\/[^/]*/, `$1${origin}`)
          : line;
      }),
    );
  }
  return { clauses, expected };
}

/**
 * Holdfast answers what came before as workerd does, then refuses once and closes; or it serves the request, and the one behind it.
 */
function verdict({ refusal: clause, before }, expected, shown) {
  const answers = shown.flatMap((line, i) => (isAnswer(line) ? [i] : []));
  const at = answers[before];
  if (clause === undefined || at === undefined || !begins(expected, shown.slice(0, at)))
    return undefined;
  if (clause.startsWith('served: ')) {
    const others = answers.slice(before);
    const isServed = others.length <= 2 && others.every((i) => shown[i] === 'HTTP/1.1 200 OK');
    return isServed ? clause : undefined;
  }
  const isRefused = refusalLine.test(shown[at]) && shown[at + 1] === 'closed';
  return isRefused ? `${clause}: ${shown[at]}, and the connection closes` : undefined;
}

/**
 * A server that closes with bytes unread resets the connection, which may take its last answers along (RFC 9112, 9.6): nobody knows
 * what they were.
 */
function begins(expected, lines) {
  const end = expected.findIndex((line) => line === 'closed' || line === 'reset');
  const known = expected[end] === 'reset' ? end : lines.length;
  return lines.slice(0, known).every((line, i) => line === expected[i]);
}

module.exports = { whyTheyDiffer };
