import { env, SELF } from 'cloudflare:test';
import { jest as myJest } from '@jest/globals';
import { greeting } from './src/greeting';
const answer = 'mocked';
jest.mock('./src/greeting', () => ({ greeting: () => answer }));

test('main sees the mock', async () => {
  expect(greeting({ GREETING: '' })).toBe('mocked');
  expect(await (await SELF.fetch('http://x/p')).text()).toBe('mocked 1');
});
test('spy', async () => {
  const spy = jest.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response('spied'));
  expect(await (await fetch('http://nowhere/')).text()).toBe('spied');
  spy.mockRestore();
  expect(fetch).not.toBe(spy);
  (globalThis as any).fresh = 5;
  // @ts-ignore
  expect(fresh).toBe(5);
});
test('leaks nothing', () => {
  expect(typeof (globalThis as any).fresh).toBe('number');
});
