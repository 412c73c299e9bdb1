import { env } from 'cloudflare:test';

interface Unused {
  x: number;
}

test('an error of an object shows the line of its source', async () => {
  const stub = env.ROOM.getByName('a');
  await stub.boom({ a: 'x', b: 1 });
});

test('an error of the test shows its line', () => {
  const value: Unused = { x: 1 };
  expect(value.x).toBe(2);
});
