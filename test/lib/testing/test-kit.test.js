'use strict';
// `holdfast/test` for runners without an environment of ours (S10.2).

const path = require('node:path');
const { createTestKit } = require('../../../lib/testing');

const project = path.join(__dirname, '../../jest/projects/basic');
/** @type {any} */
let kit;

beforeAll(async () => {
  kit = await createTestKit({ config: project });
  expect.extend(kit.matchers);
});
beforeEach(() => kit.enter());
afterEach(() => kit.leave(expect.getState().currentTestName));
afterAll(() => kit.close());

test('the Worker, its bindings and its objects', async () => {
  const { env, SELF, runInDurableObject } = kit;
  expect(await (await SELF.fetch('http://localhost/a')).text()).toBe('HELLO 1');
  const stub = env.COUNTER.getByName('/a');
  expect(await runInDurableObject(stub, (instance) => instance.inMemory)).toBe(1);
  await expect(stub).toHaveStored('count', 1);
});

test('what a test wrote is undone', async () => {
  expect(await kit.listDurableObjectIds(kit.env.COUNTER)).toEqual([]);
  expect(await kit.env.COUNTER.getByName('/a').increment()).toBe(1);
});

test('fetchMock answers what the Worker fetches', async () => {
  const { fetchMock, SELF } = kit;
  fetchMock.activate();
  fetchMock.disableNetConnect();
  fetchMock
    .get('https://example.com')
    .intercept({ path: /^\/data/ })
    .reply(200, 'mocked')
    .times(2);
  expect(await (await SELF.fetch('http://localhost/outside')).text()).toBe('mocked');
  expect(() => fetchMock.assertNoPendingInterceptors()).toThrow('1 interceptor is pending');
  expect(await (await SELF.fetch('http://localhost/outside')).text()).toBe('mocked');
  fetchMock.assertNoPendingInterceptors();
  fetchMock.deactivate();
});

test('a real port when it is wanted', async () => {
  const { url } = await kit.listen();
  expect(await (await fetch(`${url}/port`)).text()).toBe('HELLO 1');
});

test('classes of this process', async () => {
  const { DurableObject } = require('../../../lib');
  class Box extends DurableObject {
    put(/** @type {unknown} */ value) {
      return this.ctx.storage.put('value', value);
    }
  }
  const boxes = await createTestKit({ durableObjects: { BOX: Box } });
  const stub = boxes.env.BOX.getByName('a');
  await stub.put(7);
  await boxes.runInDurableObject(
    stub,
    async (/** @type {any} */ instance, /** @type {any} */ state) => {
      expect(instance).toBeInstanceOf(Box);
      expect(await state.storage.get('value')).toBe(7);
    },
  );
  await boxes.close();
});

test('keeps nothing on disk', async () => {
  await expect(createTestKit({ config: project, dataDir: 'x' })).rejects.toThrow(
    'leave out dataDir',
  );
});

test('Date of the process follows the clock while that is fake', async () => {
  const real = Date;
  kit.clock.fake({ now: new Date('2030-01-01') });
  kit.clock.fake({ now: new Date('2030-01-02') });
  expect(new Date().toISOString()).toBe('2030-01-02T00:00:00.000Z');
  await kit.advance('25h');
  expect(Date.now()).toBe(real.parse('2030-01-03T01:00:00Z'));
  await kit.clock.set(new real('2031-01-01'));
  expect(Date.now()).toBe(real.parse('2031-01-01'));
  expect(() => kit.clock.fake({ now: 'soon' })).toThrow('is a Date, or milliseconds');
  kit.clock.real();
  expect(Date).toBe(real);
});
