// S1.9.9: one hot object cannot take the process down: what it cannot take up is refused, and others do not notice.
'use strict';

const { createRuntime } = require('../support/runtime');
const { DurableObject } = require('../../lib/workers');

const kMailboxEventsMax = 10_000; // native/core/actor_system.h

class Busy extends DurableObject {
  #count = 0;

  /** Holds every other event until open() of the test. */
  block() {
    return this.ctx.blockConcurrencyWhile(() => Busy.opened);
  }

  count() {
    return ++this.#count;
  }

  fetch() {
    return new Response('fetched');
  }
}

let runtime;
let open;

beforeEach(async () => {
  Busy.opened = new Promise((resolve) => {
    open = resolve;
  });
  runtime = await createRuntime({ durableObjects: { BUSY: Busy } });
});

afterEach(() => runtime.close());

test('S1.9.9 calls beyond the bound are refused as overloaded, those within it are answered', async () => {
  const stub = runtime.env.BUSY.getByName('hot');
  await stub.count();
  const blocked = stub.block();
  await new Promise((resolve) => setTimeout(resolve, 20));
  const settled = Promise.allSettled(
    Array.from({ length: kMailboxEventsMax + 50 }, () => stub.count()),
  );
  const refusedFetch = await stub.fetch('http://do/').catch((error) => error);
  expect(await runtime.env.BUSY.getByName('cold').count()).toBe(1);
  open();
  await blocked;

  const results = await settled;
  const refused = results.filter(({ status }) => status === 'rejected');
  expect(refused.length).toBe(50);
  for (const error of [refused[0].reason, refused[49].reason, refusedFetch]) {
    expect(error.message).toBe('Durable Object is overloaded. Too many requests queued.');
    expect(Object.keys(error)).toEqual(['overloaded']);
    expect(error.overloaded).toBe(true);
  }
  expect(results.at(-51)).toEqual({ status: 'fulfilled', value: kMailboxEventsMax + 1 });
  expect(await stub.count()).toBe(kMailboxEventsMax + 2); // it was not reset
});
