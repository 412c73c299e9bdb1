import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { Counter } from '../src/index';

it('counts each path by itself', async () => {
  const count = async (path: string) =>
    (await exports.default.fetch(`http://example.com${path}`)).text();
  expect(await count('/a')).toBe('1');
  expect(await count('/a')).toBe('2');
  expect(await count('/b')).toBe('1');
});

it('lets a test see the object itself', async () => {
  const counter = env.COUNTER.getByName('inside');
  await counter.increment(5);
  await runInDurableObject(counter, async (instance, state) => {
    expect(instance).toBeInstanceOf(Counter);
    expect(await state.storage.get('count')).toBe(5);
  });
});

it('keeps the count when the object is evicted', async () => {
  const counter = env.COUNTER.getByName('evicted');
  await counter.increment();
  await evictDurableObject(counter);
  expect(await counter.increment()).toBe(2);
});

it('forgets the count when its alarm runs', async () => {
  const counter = env.COUNTER.getByName('alarm');
  await counter.increment(3);
  expect(await runDurableObjectAlarm(counter)).toBe(true);
  expect(await counter.increment()).toBe(1);
  expect(await runDurableObjectAlarm(env.COUNTER.getByName('unused'))).toBe(false);
});

it('counts over a WebSocket that hibernates', async () => {
  const counter = env.COUNTER.getByName('socket');
  const headers = { Upgrade: 'websocket' };
  const { webSocket } = await counter.fetch('http://example.com/', { headers });
  const socket = webSocket!;
  const next = () =>
    new Promise((resolve) =>
      socket.addEventListener('message', ({ data }) => resolve(data), { once: true }),
    );
  socket.accept();
  socket.send('2');
  expect(await next()).toBe('2');
  await evictDurableObject(counter, { webSockets: 'hibernate' });
  socket.send('3');
  expect(await next()).toBe('5');
});
