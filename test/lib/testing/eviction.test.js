'use strict';
// Evictions that wait, facets, and objects of other Workers (S10.2.1, S10.2.3).

const { createRuntime, DurableObject } = require('../../../lib');
const { createControls } = require('../../../lib/testing/controls/controls');
const { real } = require('../../../lib/time');
const { makeProject, removeProjects } = require('../../support/project-files');

class Child extends DurableObject {
  inMemory = 0;

  async add() {
    const count = ((await this.ctx.storage.get('count')) ?? 0) + 1;
    await this.ctx.storage.put('count', count);
    this.inMemory += 1;
    return [count, this.inMemory];
  }
}

class Parent extends DurableObject {
  inMemory = 0;

  add(name) {
    this.inMemory += 1;
    return this.ctx.facets.get(name, () => ({ class: this.ctx.exports.Child })).add();
  }

  calls() {
    return this.inMemory;
  }

  never() {
    return new Promise(() => {});
  }
}

let controls;
afterEach(() => controls.dispose());
afterAll(removeProjects);

async function start() {
  controls = createControls(
    await createRuntime({ durableObjects: { PARENT: Parent, CHILD: Child } }),
  );
  return controls.env.PARENT.getByName('a');
}

test('an object that never gets idle is not waited for for ever', async () => {
  const stub = await start();
  stub.never();
  await stub.calls();
  // Each look at the clock is ten seconds later.
  let now = 0;
  const clock = jest.spyOn(real, 'now').mockImplementation(() => (now += 10_000));
  const busy = 'Timed out waiting to evict Durable Object: it still has active references.';
  await expect(controls.evict(stub)).rejects.toThrow(new Error(busy));
  await expect(controls.evictAll()).rejects.toThrow(busy);
  clock.mockRestore();
  expect(await stub.calls()).toBe(0);
});

test('facets are evicted with their parents, and keep their data (S1.15)', async () => {
  const stub = await start();
  expect(await stub.add('x')).toEqual([1, 1]);
  expect(await stub.add('x')).toEqual([2, 2]);
  await controls.evictAll();
  expect(await stub.calls()).toBe(0);
  expect(await stub.add('x')).toEqual([3, 1]);
  await controls.evict(stub);
  expect(await stub.add('x')).toEqual([4, 1]);
});

test('facets go back with a pop, their numbers too (S1.15.5)', async () => {
  const stub = await start();
  await stub.add('x');
  await controls.push();
  await stub.add('x');
  await stub.add('y');
  await controls.pop();
  expect(await stub.add('z')).toEqual([1, 1]);
  expect(await stub.add('x')).toEqual([2, 1]);
  expect(await stub.add('y')).toEqual([1, 1]);
  await controls.reset();
  expect(await stub.add('x')).toEqual([1, 1]);
});

test('objects of another Worker are not helped with (S10.2.1)', async () => {
  const project = (name, rest) =>
    makeProject({
      'worker.js': `import { DurableObject } from 'cloudflare:workers';
        export class Room extends DurableObject { hello() { return 'hello'; } }
        export default { fetch: () => new Response('') };`,
      'wrangler.json': { name, main: 'worker.js', compatibility_date: '2026-08-25', ...rest },
    });
  const mine = project('mine', {
    durable_objects: {
      bindings: [{ name: 'THEIRS', class_name: 'Room', script_name: 'theirs' }],
    },
  });
  const theirs = project('theirs', {
    durable_objects: { bindings: [{ name: 'ROOM', class_name: 'Room' }] },
    migrations: [{ tag: 'v1', new_sqlite_classes: ['Room'] }],
  });
  controls = createControls(await createRuntime({ config: [mine, theirs] }));
  const stub = controls.env.THEIRS.getByName('a');
  expect(await stub.hello()).toBe('hello');
  const refused =
    'Durable Object test helpers can only be used with stubs pointing to objects defined within the same worker.';
  await expect(controls.runInObject(stub, () => {})).rejects.toThrow(new Error(refused));
  await expect(controls.runAlarm(stub)).rejects.toThrow(new Error(refused));
  await controls.evict(stub);
});
