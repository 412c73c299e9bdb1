import { env } from 'cloudflare:test';

test('leaves a call', () => {
  void env.ROOM.getByName('a').hang();
});

test('leaves nothing', async () => {
  await expect(env.ROOM.getByName('a').boom({ a: 'x', b: 1 })).rejects.toThrow();
});
