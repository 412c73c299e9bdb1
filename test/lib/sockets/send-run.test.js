// A broadcast crosses into native once: the sockets after the first are written down where both sides look (S6.4.5).
'use strict';

const { SendRun } = require('../../../lib/sockets/send-run');

const kSocketsMax = 4;

function makeRun() {
  const words = new Uint32Array(1 + 2 * kSocketsMax);
  /** @type {[number, unknown][]} */
  const crossings = [];
  let touches = 0;
  const native = {
    sends: words,
    // As the native side: what waits goes first, then the message begins a run.
    socketSend(/** @type {number} */ handle, /** @type {unknown} */ data) {
      crossings.push([handle, data]);
      words[1] = handle % 2 ** 32;
      words[2] = handle / 2 ** 32;
      words[0] = 1;
    },
  };
  const run = new SendRun(/** @type {any} */ ({ native, touch: () => (touches += 1) }));
  const waiting = () =>
    Array.from({ length: words[0] }, (_, i) => words[2 * i + 1] + words[2 * i + 2] * 2 ** 32);
  return { run, words, crossings, waiting, touches: () => touches };
}

test('the same text to many sockets is one crossing', () => {
  const { run, crossings, waiting, touches } = makeRun();
  const handles = [7, 2 ** 32 + 8, 3 * 2 ** 32 + 9];
  for (const handle of handles) run.send(handle, 'hello');
  expect(crossings).toEqual([[7, 'hello']]);
  expect(waiting()).toEqual(handles);
  expect(touches()).toBe(1);
});

test('another text, and one that more sockets get than there is room for, cross again', () => {
  const { run, crossings } = makeRun();
  run.send(1, 'a');
  run.send(2, 'b');
  for (let handle = 3; handle < 3 + kSocketsMax; handle += 1) run.send(handle, 'b');
  expect(crossings).toEqual([
    [1, 'a'],
    [2, 'b'],
    [3 + kSocketsMax - 1, 'b'],
  ]);
});

test('what the native side has taken is over, though the text is the same', () => {
  const { run, words, crossings } = makeRun();
  run.send(1, 'a');
  words[0] = 0;
  run.send(2, 'a');
  expect(crossings).toHaveLength(2);
});

test('bytes and long texts cross each time, and are not kept', () => {
  const { run, crossings } = makeRun();
  const bytes = new Uint8Array([1]);
  const long = 'x'.repeat(65_537);
  for (const data of [bytes, bytes, long, long]) run.send(1, data);
  expect(crossings).toHaveLength(4);
});
