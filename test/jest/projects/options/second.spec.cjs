'use strict';
// Runs after options.spec.mjs in the same process (-i): nothing of it is left.
const { env } = require('cloudflare:test');

test('nothing of the file before is left', async () => {
  expect(typeof left).toBe('undefined');
  expect(process.env.LEFT).toBeUndefined();
  expect(typeof fetch).toBe('function');
  expect(expect.toBeLeft).toBeUndefined();
  expect(expect(1).toBeLeft).toBeUndefined();
  expect(await env.KV.get('k')).toBeNull();
});

test('a reset of modules gives objects new code', async () => {
  const before = require('./src/worker.mjs').Room;
  jest.resetModules();
  const { Room } = require('./src/worker.mjs');
  expect(Room).not.toBe(before);
  const { runInDurableObject } = require('cloudflare:test');
  await runInDurableObject(env.ROOM.getByName('new'), (instance) => {
    expect(instance).toBeInstanceOf(Room);
  });
});
