// The keys of `holdfast dev`.
'use strict';

const { EventEmitter } = require('node:events');
const { listenToKeys, pressKey } = require('../../../lib/cli/keys');

/** @param {string} [url] */
function actions(url = 'http://h:1') {
  /** @type {unknown[]} */
  const done = [];
  return {
    done,
    url: () => url || undefined,
    openBrowser: (/** @type {string} */ at) => done.push(['open', at]),
    write: (/** @type {string} */ text) => done.push(['write', text]),
    end: () => done.push('end'),
  };
}

test.each([
  [{ name: 'b' }, ['open', 'http://h:1']],
  [{ name: 'c' }, ['write', '\x1b[2J\x1b[3J\x1b[H']],
  [{ name: 'h' }, ['write', expect.stringContaining('x ends')]],
  [{ name: undefined, sequence: '?' }, ['write', expect.stringContaining('b opens')]],
  [{ name: 'x' }, 'end'],
  [{ name: 'c', ctrl: true }, 'end'],
])('%j', (key, expected) => {
  const seen = actions();
  pressKey(key, seen);
  expect(seen.done).toEqual([expected]);
});

test('other keys do nothing, and neither does b before the server is ready', () => {
  const seen = actions('');
  for (const name of ['b', 'y', 'return', undefined]) pressKey({ name }, seen);
  expect(seen.done).toEqual([]);
});

test('keys are listened to on a terminal only', () => {
  const modes = [];
  const terminal = Object.assign(new EventEmitter(), {
    isTTY: true,
    setRawMode: (/** @type {boolean} */ mode) => modes.push(mode),
    resume: () => {},
  });
  const seen = actions();
  listenToKeys(/** @type {any} */ (terminal), seen);
  terminal.emit('keypress', 'x', { name: 'x' });
  expect(seen.done).toEqual([['write', expect.stringContaining('b opens a browser')], 'end']);
  expect(modes).toEqual([true]);

  const pipe = new EventEmitter();
  listenToKeys(/** @type {any} */ (pipe), seen);
  expect(pipe.listenerCount('keypress')).toBe(0);
});
