'use strict';
const { LocalEnd } = require('../../../lib/web/tcp/local-connection');

/** Both ends, of which the second is told when it is alone. */
const pair = () => LocalEnd.pair(() => new Error('alone'));

/** What happens to an end, in order. */
function watch(end, events = ['end', 'close', 'error']) {
  const seen = [];
  for (const event of events) {
    end.on(event, (value) => seen.push(value instanceof Error ? value.message : event));
  }
  return seen;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('S1.8.8 a write is done when the other end has taken it', async () => {
  const [here, there] = pair();
  let done = 0;
  here.write(Buffer.from('one'), () => (done += 1));
  here.write(Buffer.from('two'), () => (done += 1));
  await turn();
  expect(done).toBe(0);
  const seen = [];
  there.on('data', (bytes) => {
    seen.push(bytes.toString());
    there.pause();
  });
  await turn();
  expect(seen).toEqual(['one']);
  expect(done).toBeLessThan(2);
  there.resume();
  await turn();
  there.resume();
  await turn();
  expect(seen).toEqual(['one', 'two']);
  expect(done).toBe(2);
});

test('S1.8.8 an empty write is no end, and bytes are copied', async () => {
  const [here, there] = pair();
  const bytes = Buffer.from('text');
  here.write(Buffer.alloc(0));
  here.write(bytes);
  await turn();
  bytes.fill(0);
  expect(there.read().toString()).toBe('text');
});

test('S1.8.8 what an end wrote before it closed arrives', async () => {
  const [here, there] = pair();
  const seen = watch(here);
  there.end(Buffer.from('last'));
  there.destroySoon();
  here.on('data', (bytes) => seen.push(bytes.toString()));
  await turn();
  await turn();
  expect(seen).toEqual(['last', 'close']);
  expect(there.destroyed).toBe(true);
});

test('S1.8.8 the other one breaks, also with a write under way', async () => {
  const [here, there] = pair();
  const seen = watch(there);
  let error;
  there.write(Buffer.from('never read'), (given) => (error = given));
  here.destroy();
  await turn();
  expect(seen).toEqual(['alone', 'close']);
  expect(error?.message).toBe('alone');
});

test('S1.8.8 sides that were ended one by one are over without an error', async () => {
  const [here, there] = pair();
  const seen = watch(there);
  here.resume();
  there.resume();
  here.end();
  there.end();
  await turn();
  await turn();
  expect(seen).toEqual(['end', 'close']);
});
