import {
  SELF,
  connectWebSocket,
  env,
  hibernateDurableObject,
  runInDurableObject,
} from 'cloudflare:test';

const room = () => env.ROOM.getByName('/kitchen');
const enter = (name: string) => connectWebSocket(SELF, `http://localhost/kitchen?name=${name}`);

test('what one says reaches everybody', async () => {
  const ann = await enter('ann');
  const bob = await enter('bob');
  ann.send('hello');
  expect(await bob.nextJson()).toEqual({ from: 'ann', text: 'hello' });
  expect(await ann.nextJson()).toEqual({ from: 'ann', text: 'hello' });
  await expect(room()).toHaveSockets(2);
  await expect(room()).toHaveSockets(1, 'bob');
});

test('who comes later is told the last things', async () => {
  const ann = await enter('ann');
  ann.send('one');
  ann.send('two');
  await ann.next();
  await ann.next();
  const bob = await enter('bob');
  expect([await bob.nextJson(), await bob.nextJson()]).toEqual([
    { from: 'ann', text: 'one' },
    { from: 'ann', text: 'two' },
  ]);
});

test('the sockets outlive the instance', async () => {
  const ann = await enter('ann');
  const before = await runInDurableObject(room(), (instance) => instance);
  await hibernateDurableObject(room());
  ann.send('still here');
  expect(await ann.nextJson()).toEqual({ from: 'ann', text: 'still here' });
  const after = await runInDurableObject(room(), (instance) => instance);
  expect(after).not.toBe(before);
});

test('somebody leaves', async () => {
  const ann = await enter('ann');
  expect(await ann.close(1000, 'bye')).toEqual({ code: 1000, reason: 'bye', wasClean: true });
  await expect(room()).toHaveSockets(0);
});

test('the room is shut', async () => {
  const ann = await enter('ann');
  await room().shut();
  expect(await ann.closed).toMatchObject({ code: 4000, reason: 'closed for today' });
});

test('nobody enters without a name', async () => {
  await expect(connectWebSocket(SELF, 'http://localhost/kitchen')).rejects.toThrow(
    'The answer is no WebSocket: 400 Who are you?',
  );
});
