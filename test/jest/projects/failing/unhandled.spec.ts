import { env } from 'cloudflare:test';

test('a rejected call that is expected raises nothing', async () => {
  const stub = env.ROOM.getByName('a');
  await expect(stub.boom({ a: 'x', b: 1 })).rejects.toThrow('boom x');
  await new Promise((resolve) => setTimeout(resolve, 5));
});

test('a call under way when its test ends rejects for nobody', () => {
  void env.ROOM.getByName('a').hang();
});

test('the next one is fine', async () => {
  await new Promise((resolve) => setTimeout(resolve, 5));
});
