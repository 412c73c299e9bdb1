import { advance, env } from 'cloudflare:test';
import { runInDurableObject } from 'cloudflare:test';
import { expect, it } from 'vitest';

it('runs alarms and timers when time is moved', async () => {
  const stub = env.NOTES.getByName('time');
  await advance(0);
  const start = Date.now();
  await runInDurableObject(stub, (_instance, state) => state.storage.setAlarm(start + 3_600_000));
  let fired = 0;
  setTimeout(() => (fired = Date.now() - start), 60_000);
  await advance('59m');
  expect(fired).toBe(60_000);
  expect(await stub.list()).toEqual([]);
  await advance('1m');
  expect(await stub.list()).toEqual([`alarm at ${start + 3_600_000}`]);
  expect(Date.now() - start).toBe(3_600_000);
});

it('lets time go on after the test', () => {
  expect(Math.abs(Date.now() - performance.timeOrigin - performance.now())).toBeLessThan(60_000);
});
