import { env, SELF } from 'cloudflare:test';
import { env as env2, DurableObject } from 'cloudflare:workers';
import { Counter } from './src/index';

test('realm', async () => {
  const stub = env.COUNTER.getByName('a');
  expect(await stub.increment()).toBe(1);
  expect(await stub.map()).toStrictEqual(new Map([['a', new Uint8Array([1, 2])]]));
  await expect(stub.fail()).rejects.toBeInstanceOf(RangeError);
  await expect(stub.fail()).rejects.toThrow('too far');
  const response = await SELF.fetch('http://x/p');
  expect(response).toBeInstanceOf(Response);
  expect(await response.text()).toBe('HELLO 1');
  expect(env2.GREETING).toBe('hello');
});
