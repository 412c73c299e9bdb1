// What was got over RPC and dropped: collection disposes of it only where nothing else would (S7.6.4, S7.6.5).
'use strict';

const v8 = require('node:v8');
const vm = require('node:vm');
const { createRuntime } = require('../../support/runtime');
const { DurableObject, RpcTarget } = require('../../../lib/workers');

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc');

/** Names of what was disposed of. @type {string[]} */
let disposed = [];

class Thing extends RpcTarget {
  /** @param {string} name */
  constructor(name) {
    super();
    this.name = name;
  }
  hello() {
    return `hello of ${this.name}`;
  }
  [Symbol.dispose]() {
    disposed.push(this.name);
  }
}

class Maker extends DurableObject {
  /** @param {string} name */
  make(name) {
    return new Thing(name);
  }
  /** @param {string} name */
  makeInside(name) {
    return { thing: new Thing(name), [Symbol.dispose]: () => void disposed.push(`result ${name}`) };
  }
  /** Calls another object and forgets what it got. @param {string} name */
  async leak(name) {
    const other = /** @type {any} */ (this.env).MAKER.getByName('other');
    await (await other.make(name)).hello();
    await (await other.makeInside(`inside ${name}`)).thing.hello();
  }
}

/** @type {import('../../../lib').Runtime} */
let runtime;
/** @type {any} */
let maker;

beforeEach(async () => {
  disposed = [];
  runtime = await createRuntime({ durableObjects: { MAKER: /** @type {any} */ (Maker) } });
  maker = /** @type {any} */ (runtime.env).MAKER.getByName('maker');
});
afterEach(() => runtime.close());

/** Collects until `isDone`, or for so many rounds. @param {() => boolean} isDone */
async function collectUntil(isDone) {
  for (let round = 0; round < 100 && !isDone(); round += 1) {
    collect();
    await new Promise(setImmediate);
  }
}

/** What was dropped before is collected, too, when this returns. */
async function collectUnrelated() {
  let isCollected = false;
  const witness = new FinalizationRegistry(() => (isCollected = true));
  witness.register({}, undefined);
  await collectUntil(() => isCollected);
  expect(isCollected).toBe(true);
  await new Promise(setImmediate);
}

test('a program outside: what it dropped is disposed of', async () => {
  await (async () => {
    await (await maker.make('stub')).hello();
    await maker.makeInside('object');
  })();
  await collectUntil(() => disposed.length === 3);
  expect(disposed.sort()).toEqual(['object', 'result object', 'stub']);
});

test('a program outside: a stub outlives the result it came in', async () => {
  const { thing } = await maker.makeInside('kept');
  await collectUntil(() => disposed.length > 0);
  expect(disposed).toEqual(['result kept']);
  expect(await thing.hello()).toBe('hello of kept');
});

test('a program outside: what it disposed of is not disposed of again', async () => {
  await (async () => {
    (await maker.makeInside('once'))[Symbol.dispose]();
  })();
  await collectUnrelated();
  expect(disposed.sort()).toEqual(['once', 'result once']);
});

test('S7.6.5 an object: collection shows nowhere', async () => {
  await maker.leak('leaked');
  await collectUnrelated();
  expect(disposed).toEqual([]);
});
