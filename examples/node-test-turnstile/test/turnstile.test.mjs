import assert from 'node:assert/strict';
import { after, afterEach, beforeEach, test } from 'node:test';
import { createTestKit } from 'holdfast/test';

const kit = await createTestKit({ config: new URL('../wrangler.jsonc', import.meta.url).pathname });
const { env, SELF } = kit;
beforeEach(() => kit.enter());
afterEach((t) => kit.leave(t.name));
after(() => kit.close());

const hall = () => env.TURNSTILE.getByName('hall');

test('lets in as many as there are seats', async () => {
  assert.equal(await hall().enter('ann'), true);
  assert.equal(await hall().enter('bob'), true);
  assert.equal(await hall().enter('cleo'), false);
});

test('begins anew for each test', async () => {
  const response = await SELF.fetch('http://example.com/hall/cleo');
  assert.equal(await response.text(), 'welcome');
});

test('who stays has an hour', async () => {
  kit.clock.fake({ now: new Date('2030-01-01T08:00:00Z') });
  await hall().enter('ann');
  await kit.advance('30m');
  await hall().enter('bob');
  await kit.advance('30m');
  await kit.runInDurableObject(hall(), async (_turnstile, { storage }) => {
    assert.deepEqual([...(await storage.list()).keys()], ['bob']);
    assert.equal(await storage.getAlarm(), Date.parse('2030-01-01T09:30:00Z'));
  });
  kit.clock.real();
});

test('forgets nobody when it is evicted', async () => {
  await hall().enter('ann');
  await kit.evictDurableObject(hall());
  assert.equal(await hall().enter('bob'), true);
  assert.equal(await hall().enter('cleo'), false);
});

test('loses what the disk did not take', async () => {
  await hall().enter('ann');
  kit.faults.failNextCommit(hall());
  // A call in a function: node:assert would call what RPC gives, which is a promise and a function.
  await assert.rejects(async () => hall().enter('bob'), { durableObjectReset: true });
  assert.equal(await hall().enter('bob'), true);
});
