'use strict';

// Why Holdfast may treat a frame that RFC 6455 forbids differently from workerd, which takes some of them: it fails the connection.

const wentAway = 'close 1006 "WebSocket disconnected without sending Close frame." false';

/**
 * @param {object} history
 * @param {{name: string, kind: string}[]} history.sockets
 * @param {Map<string, string>} history.wrongs the clause, by the name of the socket that sent such a frame, as its last
 * @returns {(truth: string[], shown: string[]) => string | undefined}
 */
function whyTheyDiffer({ sockets, wrongs }) {
  // A standard socket that is still open keeps its object.
  const keepsObject = sockets.some(({ name, kind }) => kind === 'standard' && wrongs.has(name));
  const compared = (lines) =>
    keepsObject ? lines.filter((line) => !line.startsWith('  |   life ')) : lines;
  // Lists of the object's sockets.
  const names = new RegExp(
    `(?<=with .*|returned \\[.*)\\s?"?(?:${[...wrongs.keys()].join('|')}):\\d"?,?`,
    'g',
  );
  const withoutThem = (lines) =>
    lines.map((line) => line.replaceAll(names, '').replace(/,$/, '')).join('\n');
  return (truth, shown) => {
    if (wrongs.size === 0) return undefined;
    const [expected, subject] = [truth, shown].map((lines) => sections(compared(lines)));
    if (expected.size !== subject.size) return undefined;
    const clauses = new Set();
    for (const [title, lines] of subject) {
      const others = expected.get(title);
      if (others === undefined) return undefined;
      if (withoutThem(lines) === withoutThem(others)) continue;
      const clause = wrongs.get(title.split(' ').at(-1));
      if (clause === undefined || !isFailure(title, others, lines)) return undefined;
      clauses.add(clause);
    }
    return [...clauses].join('; ');
  };
}

/** Lines by what they are about: what a socket was sent, what its object was told. */
function sections(lines) {
  const found = new Map();
  let title = '';
  for (const line of lines) {
    if (line.startsWith('GET ')) title = 'the answer';
    const start = /^(?:(s\d) \{| {2}\| (s\d)$)/.exec(line);
    if (start) title = start[1] ? `sent to ${start[1]}` : `told of ${start[2]}`;
    if (!found.has(title)) found.set(title, []);
    found.get(title).push(line);
  }
  return found;
}

/** The connection is closed with an error and ends; the object is told that it is gone. Before that both are alike. */
function isFailure(title, expected, lines) {
  const at = title.startsWith('sent')
    ? lines.findIndex((line) => /^ {2}close 10(?:02|07|09) /.test(line))
    : lines.findIndex((line) => line.includes(wentAway));
  if (at < 0 || lines.slice(0, at).some((line, i) => line !== expected[i])) return false;
  return title.startsWith('told') || (at === lines.length - 2 && lines.at(-1) === '  ended');
}

const lost =
  /^( +\| {3}close )1006 "WebSocket disconnected without sending Close frame." false; [23]$/;
const whole = /^( +\| {3}close )\d+ ".*" true; 3$/;

/**
 * workerd loses the Close of an end in the same process that still had messages on their way when the other end closed, once in a hundred
 * histories; the other end then hears 1006, and its state is ahead of its messages.
 * @param {string[]} truth
 * @param {string[]} shown
 * @returns {string | undefined}
 */
function lostClose(truth, shown) {
  if (truth.length !== shown.length) return undefined;
  let losses = 0;
  let closes = false;
  for (const [i, line] of shown.entries()) {
    if (/^ +\| \S/.test(line)) closes = false;
    if (/^ +\| {3}close \{.*-> returned/.test(line)) closes = true;
    if (line === truth[i]) continue;
    if (!closes) return undefined;
    const isMessage = / {3}message .*; 2$/.test(line) && truth[i] === line.replace(/2$/, '3');
    if (lost.test(truth[i]) && whole.test(line)) losses++;
    else if (!isMessage) return undefined;
  }
  return losses > 0 ? 'workerd lost a Close' : undefined;
}

module.exports = { lostClose, whyTheyDiffer };
