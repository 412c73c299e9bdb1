// What users of other kits run into: none of it happens here.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { SELF, env } from 'cloudflare:test';

const stub = () => env.COUNTER.getByName('a');

describe('a test may leave open', () => {
  const left: any[] = [];

  test('a body that nobody reads', async () => {
    const stream: ReadableStream<Uint8Array> = await stub().pages();
    const reader = stream.getReader();
    expect((await reader.read()).value?.length).toBeGreaterThan(0);
    left.push(reader);
    expect((await SELF.fetch('http://localhost/unread')).status).toBe(200);
  });

  test('a stub that nobody disposes', async () => {
    const view = await stub().view();
    expect(await view.inMemory).toBe(0);
    left.push(view);
  });

  test('a socket', async () => {
    const response = await stub().fetch('http://localhost/', { headers: { upgrade: 'websocket' } });
    response.webSocket?.accept();
    left.push(response.webSocket);
    await expect(stub()).toHaveSockets(1);
  });

  test('and the next one begins anew', async () => {
    expect(left).toHaveLength(3);
    await expect(stub()).toHaveSockets(0);
    expect(await stub().increment()).toBe(1);
    await expect((async () => left[1].inMemory)()).rejects.toThrow();
  });
});

test('the 1,500th fetch costs what the first did', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  const fetches = async (count: number) => {
    const began = process.cpuUsage();
    for (let index = 0; index < count; index += 1)
      expect(await (await SELF.fetch('http://localhost/same')).text()).toMatch(/^HELLO \d+$/);
    const { user, system } = process.cpuUsage(began);
    collect();
    return { cpu: user + system, heap: process.memoryUsage().heapUsed };
  };
  await fetches(200);
  const first = await fetches(200);
  await fetches(900);
  const last = await fetches(200);
  expect(last.cpu).toBeLessThan(3 * first.cpu);
  expect((last.heap - first.heap) / 1100).toBeLessThan(500);
}, 60_000);
