// Stubs: calls, pipelining, disposal (S7.2-S7.4, S7.6).
'use strict';

const { RpcStub, handleOf, stubOf } = require('../../../lib/rpc/rpc-stub');
const { Invocation } = require('../../../lib/workers/invocation');
const { RpcTarget } = require('../../../lib/rpc/rpc-target');
require('../../../lib/rpc/perform'); // what stubs call through
const { RpcPromise, RpcProperty } = require('../../../lib/rpc/wildcard');

class Counter extends RpcTarget {
  value = 0;
  disposals = 0;
  increment(by = 1) {
    return (this.value += by);
  }
  get current() {
    return this.value;
  }
  child() {
    return new Counter();
  }
  fail() {
    throw new RangeError('no');
  }
  [Symbol.dispose]() {
    this.disposals += 1;
  }
}

describe('S7.4.1 construction', () => {
  test.each([[5], ['x'], [null], [undefined]])('%p is refused', (value) => {
    expect(() => new RpcStub(/** @type {any} */ (value))).toThrow(
      new TypeError(
        "Failed to construct 'JsRpcStub': constructor parameter 1 is not of type 'Object'.",
      ),
    );
  });

  test('so is a class instance that is no target', () => {
    expect(() => new RpcStub(new Date())).toThrow(
      new TypeError('RpcStubs can only wrap plain objects, functions, and RpcTarget derivatives.'),
    );
  });

  test('RpcPromise and RpcProperty cannot be constructed', () => {
    expect(() => new RpcPromise()).toThrow(new TypeError('Illegal constructor'));
    expect(() => new RpcProperty()).toThrow(new TypeError('Illegal constructor'));
  });
});

describe('S7.2 calls', () => {
  test('S7.2.2 a call is sent when made', () => {
    const target = new Counter();
    const call = new RpcStub(target).increment();
    return Promise.resolve().then(() => {
      expect(target.value).toBe(1);
      return call;
    });
  });

  test('S7.2.1 never throws at the call, not even for its arguments', async () => {
    const call = new RpcStub(new Counter()).increment(Symbol('x'));
    await expect(call).rejects.toThrow(DOMException);
  });

  test('S7.2.4 a property is asked for only when awaited', async () => {
    const target = new Counter();
    const stub = new RpcStub(target);
    const property = stub.current;
    expect(property).toBeInstanceOf(RpcProperty);
    await stub.increment();
    expect(await property).toBe(1);
  });

  test('S1.9.5 an error is a copy and remote', async () => {
    const error = await new RpcStub(new Counter()).fail().catch((/** @type {any} */ e) => e);
    expect(error).toBeInstanceOf(RangeError);
    expect(error.remote).toBe(true);
  });

  test('S7.1.2 fields are not reachable', async () => {
    await expect(new RpcStub(new Counter()).value).rejects.toThrow(
      /does not implement the method "value"/,
    );
  });

  test('S7.1.5 a stub is no thenable', async () => {
    const stub = new RpcStub({});
    expect(stub.then).toBeUndefined();
    expect(await stub).toBe(stub);
  });
});

describe('S7.3 pipelining', () => {
  test('S7.3.1 on the result of a call', async () => {
    const call = new RpcStub(new Counter()).child();
    expect(call).toBeInstanceOf(RpcPromise);
    expect(await call.increment(5)).toBe(5);
  });

  test('S7.3.5 keeps its order', async () => {
    const child = new RpcStub(new Counter()).child();
    expect(await Promise.all([child.increment(), child.increment(), child.increment()])).toEqual([
      1, 2, 3,
    ]);
  });

  test('S7.3.2 not on a result that is no object: workerd names the missing method', async () => {
    await expect(new RpcStub(new Counter()).increment().more()).rejects.toThrow(
      new TypeError('The RPC receiver does not implement the method "more".'),
    );
  });

  test('S7.3.3 a rejection reaches what depends on it', async () => {
    await expect(new RpcStub(new Counter()).fail().more()).rejects.toThrow(new RangeError('no'));
  });
});

describe('S7.4.2, S7.6 disposal', () => {
  test('a disposed stub rejects; disposing twice is nothing', async () => {
    const target = new Counter();
    const stub = new RpcStub(target);
    stub[Symbol.dispose]();
    stub[Symbol.dispose]();
    await undefined; // a disposer runs after the code that let go
    expect(target.disposals).toBe(1);
    await expect(stub.increment()).rejects.toThrow(
      new Error('RPC stub used after being disposed.'),
    );
  });

  test('S7.4.4 the target goes with its last handle', async () => {
    const target = new Counter();
    const stub = new RpcStub(target);
    const other = stub.dup();
    stub[Symbol.dispose]();
    await undefined;
    expect(target.disposals).toBe(0);
    other[Symbol.dispose]();
    await undefined;
    expect(target.disposals).toBe(1);
  });

  test('S7.6.1 stubs among the arguments go when the call is over, unless duplicated', async () => {
    /** @type {any[]} */
    const kept = [];
    const receiver = new RpcStub({
      keep: (/** @type {any} */ f) => void kept.push(f),
      dup: (/** @type {any} */ f) => void kept.push(f.dup()),
      copy: (/** @type {any} */ f) => void kept.push(f.dup()),
    });
    await receiver.keep(() => 1);
    await receiver.copy(() => 2);
    await expect(kept[0]()).rejects.toThrow('RPC stub used after being disposed.');
    expect(await kept[1]()).toBe(2);
  });

  test('S7.5.9 the result’s disposer is hidden and releases what is inside', async () => {
    const target = new Counter();
    const result = await new RpcStub({ make: () => ({ target, n: 1 }) }).make();
    expect(Object.keys(result)).toEqual(['target', 'n']);
    result[Symbol.dispose]();
    await undefined;
    expect(target.disposals).toBe(1);
    await expect(result.target.increment()).rejects.toThrow('RPC stub used after being disposed.');
  });

  test('S7.6.3 a host that ended', async () => {
    const worker = /** @type {any} */ ({ flags: {} });
    const invocation = new Invocation(worker, 'request');
    invocation.begin();
    const stub = stubOf(() => 1, invocation);
    expect(await stub()).toBe(1);
    invocation.done();
    // Not `expect(stub()).rejects`: Jest would call the promise, which is callable.
    await expect(Promise.resolve(stub())).rejects.toThrow(
      new Error('The execution context which hosts this callback is no longer running.'),
    );
  });

  test('S7.6.3 a session stays while a stub that it gave out is there, or a duplicate', async () => {
    const session = new Invocation(/** @type {any} */ ({ flags: {} }), 'session');
    session.begin();
    const stub = stubOf(() => 1, session);
    handleOf(stub).joinAll([session]);
    const duplicate = stub.dup();
    session.done();
    stub[Symbol.dispose]();
    expect(await duplicate()).toBe(1);
    duplicate[Symbol.dispose]();
    expect(session.isLive).toBe(false);
  });

  test('S7.6.3 a session does not stay for a stub that it sent', async () => {
    const session = new Invocation(/** @type {any} */ ({ flags: {} }), 'session');
    session.begin();
    const stub = stubOf(() => 1, session);
    session.done();
    expect(session.isLive).toBe(false);
    await expect(Promise.resolve(stub())).rejects.toThrow('no longer running');
  });

  test('S7.6.4 stubs go with the invocation that has them', async () => {
    const target = new Counter();
    const invocation = new Invocation(/** @type {any} */ ({ flags: {} }), 'request');
    invocation.begin();
    const stub = invocation.run(() => new RpcStub(target));
    invocation.done();
    await expect(Promise.resolve(stub.increment())).rejects.toThrow(
      new Error('RPC stub used after being disposed.'),
    );
  });
});
