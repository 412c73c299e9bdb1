import { DurableObject, RpcTarget, WorkerEntrypoint } from 'cloudflare:workers';
import { answer, attempt, attemptSync } from '../probe.js';

const kSymbol = Symbol('member');

/** attempt() on each. */
async function attempts(...actions) {
  const out = [];
  for (const action of actions) out.push(await attempt(action));
  return out;
}

const probes = {
  chain: ({ thing }) =>
    attempts(
      () => thing.own(),
      () => thing.fromMiddle(),
      () => thing.fromBase(),
      () => thing.overrides(),
      () => thing.getFromBase,
    ),
  'own-members': ({ thing }) =>
    attempts(
      () => thing.hiddenByField(),
      () => thing.hiddenByField,
      () => thing.field,
      () => thing.assigned(),
      () => thing.bound(),
    ),
  'object-prototype': ({ thing, target }) =>
    attempts(
      () => thing.method('hasOwnProperty'),
      () => thing.valueOf() === thing,
      () => typeof target.propertyIsEnumerable,
      () => target.__defineGetter__.length,
      () => String(target),
    ),
  overridden: ({ thing, target }) =>
    attempts(
      () => thing.toString(),
      () => target.toString(),
      () => target.valueOf() === target,
      () => thing.toLocaleString(),
    ),
  'base-members': ({ thing, entry }) =>
    attempts(
      () => thing.ctx,
      () => thing.env,
      () => thing.state,
      () => entry.ctx,
      () => entry.env(),
    ),
  async 'added-later'({ thing }) {
    const before = await attempt(() => thing.addedLater());
    await thing.addMethod();
    return [before, ...(await attempts(() => thing.addedLater()))];
  },
  async 'plain-objects'({ thing }) {
    const stub = await thing.plainFunctions();
    return [
      ...(await attempts(
        () => stub.f(1),
        () => thing.plainFunctions().f(2),
        () => thing.plainFunctions().missing(),
        () => thing.plainFunctions().inner.g(3),
        () => thing.plainFunctions().value,
        () => thing.plainFunctions().hidden,
      )),
      Object.keys(stub),
      typeof stub.f,
    ];
  },
  'nested-instances': ({ thing }) =>
    attempts(
      () => thing.members.target.m(),
      () => thing.members.target.own,
      () => thing.members.instance.m(),
      () => thing.members.map.get('k'),
      () => thing.members.list[1],
      () => thing.members.list.length,
      () => thing.members.list.at(0),
      () => thing.members.text.length,
      () => thing.members.bare.x,
    ),
  'reserved-object': ({ thing }) =>
    attempts(
      () => thing.alarm(),
      () => thing.alarm,
      () => thing.webSocketMessage(),
      () => thing.webSocketClose,
      () => thing.webSocketError(),
      () => thing.dup(),
      () => thing.dup,
      () => thing.constructor,
      () => thing.members.constructor,
    ),
  'reserved-defined': ({ thing }) =>
    attempts(
      () => thing.scheduled(),
      () => thing.queue(),
      () => thing.tail(),
      () => thing.test(),
      () => thing.email(),
    ),
  'reserved-target': ({ target }) =>
    attempts(
      () => typeof target.dup,
      () => target.constructor === undefined,
      () => target.nested.dup(),
      () => target.nested.constructor(),
    ),
  'target-names': ({ target }) =>
    attempts(
      () => target.alarm(),
      () => target.fetch('x'),
      () => target.connect(),
      () => target.webSocketMessage(),
      () => target.then1(),
    ),
  'reserved-entrypoint': ({ entry }) =>
    attempts(
      () => entry.alarm(),
      () => entry.webSocketMessage(),
      () => entry.dup(),
      () => entry.constructor,
      () => entry.scheduled(1),
      () => entry.queue(2),
      () => entry.tail(3),
      () => entry.trace(4),
      () => entry.test(5),
    ),
  'then-members': ({ thing, target }) => [
    typeof thing.then,
    typeof target.then,
    typeof thing.catch,
    typeof thing.finally,
    attempt(() => thing.catch(1)),
    attempt(() => thing.finally(2)),
    attempt(() => target.catch(3)),
    typeof thing.own().then,
    typeof thing.own().catch,
    attempt(() => thing.fails().catch((error) => `caught ${error.message}`)),
    attempt(() => thing.own().finally(() => 'not seen')),
    attempt(() => thing.getOnly.catch((error) => error)),
    attempt(() => thing.getOnly.finally(() => 1)),
  ],
  getters: ({ thing, target, entry }) =>
    attempts(
      () => thing.getOnly,
      () => thing.data,
      () => thing.dataObject.inner.value,
      () => target.value,
      () => target.data,
      () => entry.value,
      () => thing.throws,
    ),
  'getter-promises': ({ thing }) =>
    attempts(
      () => thing.promised,
      () => thing.promised.inner,
      () => thing.promisedFunction(4),
      () => thing.getFunction(5),
      () => thing.getTarget.m(),
      () => thing.rejected,
      () => thing.rejected.inner,
      () => typeof thing.own,
      async () => (await thing.own)(),
    ),
  'setter-only': ({ thing }) =>
    attempts(
      () => thing.setOnly,
      () => thing.setOnly(),
    ),
  'not-functions': ({ thing, target }) =>
    attempts(
      () => thing.getOnly(),
      () => thing.data(),
      () => thing.dataObject(),
      () => thing.dataObject.inner(),
      () => thing.dataObject.inner.value(),
      () => target.value(),
      () => target.nested(),
      () => thing.nothing(),
    ),
  'deep-missing': ({ thing, target }) =>
    attempts(
      () => thing.dataObject.x,
      () => thing.dataObject.x.y,
      () => thing.dataObject.inner.value.z,
      () => thing.dataObject.x.y(),
      () => thing.nothing.x,
      () => thing.empty.x,
      () => target.missing.x,
      () => thing.own.x,
      () => thing.own.call(),
      () => thing.own.name,
    ),
  statics: ({ thing, target }) =>
    attempts(
      () => thing.fixed(),
      () => thing[kSymbol],
      () => target[kSymbol],
      () => thing[Symbol.iterator],
      () => typeof thing[Symbol.toStringTag],
      () => typeof thing[Symbol.dispose],
      () => typeof target[Symbol.asyncDispose],
    ),
  handlers: ({ handler, inheriting }) =>
    attempts(
      () => handler.one('a'),
      () => handler.none('b'),
      () => handler.three('c'),
      () => handler.four('d'),
      () => handler.one(),
      () => handler.one('a', 'b'),
      () => handler.missing('a'),
      () => handler.value,
      () => handler.value('a'),
      () => handler.inner.value,
      () => handler.inner.f('x'),
      () => handler.toString.length,
      () => inheriting.inherited('x'),
      () => handler.alarm('x'),
      () => handler.dup('x'),
    ),
  'handler-this': ({ handler }) => handler.describe('arg'),
  this: ({ thing, target }) =>
    attempts(
      () => thing.isThis(),
      () => thing.thisOfGetter,
      () => thing.dataObject.thisOfInner(),
      () => target.isThis(),
      () => target.nested.isThis(),
      () => thing.giveFunction()(1),
    ),
  generators: ({ thing }) =>
    attempts(
      () => thing.generator(),
      () => thing.asyncGenerator(),
      () => thing.iterator(),
      () => thing.takes((function* () {})()),
    ),
  local: ({ thing, target, entry }) => [
    attemptSync(() => thing.constructor()),
    attemptSync(() => thing.toString()),
    attemptSync(() => thing.valueOf() === thing),
    attemptSync(() => Object.hasOwn(thing, 'id')),
    attemptSync(() => entry.toString()),
    attemptSync(() => entry.constructor.name),
    attemptSync(() => target.constructor.name),
    attemptSync(() => 'anything' in thing),
    attemptSync(() => 'anything' in target),
    attemptSync(() => typeof target),
    attemptSync(() => typeof thing),
    attemptSync(() => typeof entry),
    attemptSync(() => Object.prototype.toString.call(thing.own)),
    attemptSync(() => Object.prototype.toString.call(thing.own())),
    attemptSync(() => typeof thing.own),
    attemptSync(() => typeof thing.own()),
    attemptSync(() => Object.keys(thing).length),
  ],
  'odd-names': ({ thing }) =>
    attempts(
      () => thing[0](),
      () => thing['']('x'),
      () => thing['with space'](),
      () => thing['é☃'](),
      () => thing['a.b'](),
      () => thing.__proto__ === Object.getPrototypeOf(thing),
      () => thing.prototype,
      () => thing.arguments,
    ),
  async 'getter-runs'({ thing }) {
    const property = thing.countedGetter;
    const deeper = property.x;
    await scheduler.wait(5);
    const before = await thing.reads();
    const value = await property;
    const again = await property;
    return [typeof deeper, before, value, again, await thing.reads()];
  },
};

class Target extends RpcTarget {
  own = 'own';
  m() {
    return 'method';
  }
  get value() {
    return 'value';
  }
  get nested() {
    return new Target();
  }
  isThis() {
    return this instanceof Target && this.own;
  }
  toString() {
    return 'remote text';
  }
  alarm() {
    return 'alarm of a target';
  }
  fetch(what) {
    return `fetch ${what}`;
  }
  connect() {
    return 'connect of a target';
  }
  webSocketMessage() {
    return 'message';
  }
  then1() {
    return 'then1';
  }
  dup() {
    return new Target();
  }
  catch(x) {
    return `remote catch ${x}`;
  }
  [kSymbol]() {
    return 'symbol';
  }
}
Target.prototype.data = 'data of the prototype';

class Instance {
  m() {
    return 1;
  }
}

class Base extends DurableObject {
  fromBase() {
    return 'base';
  }
  overrides() {
    return 'base';
  }
  get getFromBase() {
    return 'getter of the base';
  }
}
class Middle extends Base {
  fromMiddle() {
    return 'middle';
  }
}

export class Thing extends Middle {
  field = 'field';
  #reads = 0;

  constructor(ctx, env) {
    super(ctx, env);
    this.hiddenByField = 'hides the method';
    this.assigned = () => 'assigned';
    this.bound = this.bound.bind(this);
  }
  static fixed() {
    return 'static';
  }
  [kSymbol]() {
    return 'symbol';
  }
  own() {
    return 'own';
  }
  overrides() {
    return `over ${super.overrides()}`;
  }
  hiddenByField() {
    return 'method';
  }
  bound() {
    return 'bound';
  }
  method(name) {
    return typeof this[name];
  }
  toString() {
    return 'remote text';
  }
  addMethod() {
    Thing.prototype.addedLater = () => 'added later';
  }
  plainFunctions() {
    const result = { f: (x) => x * 2, inner: { g: (x) => x + 1 }, value: 5 };
    return Object.defineProperty(result, 'hidden', { value: 'not enumerable', enumerable: false });
  }
  get members() {
    return {
      target: new Target(),
      instance: new Instance(),
      map: new Map([['k', 1]]),
      list: [1, 2],
      text: 'text',
      bare: Object.assign(Object.create(null), { x: 1 }),
    };
  }
  scheduled() {
    return 'scheduled';
  }
  queue() {
    return 'queue';
  }
  tail() {
    return 'tail';
  }
  test() {
    return 'test';
  }
  email() {
    return 'email';
  }
  alarm() {
    return 'alarm';
  }
  webSocketError() {
    return 'error';
  }
  dup() {
    return 'dup';
  }
  catch(x) {
    return `remote catch ${x}`;
  }
  finally(x) {
    return `remote finally ${x}`;
  }
  fails() {
    throw new Error('it fails');
  }
  get getOnly() {
    return 'got';
  }
  get throws() {
    throw new RangeError('from a getter');
  }
  get promised() {
    return Promise.resolve({ inner: 'promised' });
  }
  get promisedFunction() {
    return Promise.resolve((x) => x * 3);
  }
  get getFunction() {
    return (x) => x * 4;
  }
  get getTarget() {
    return new Target();
  }
  get rejected() {
    return Promise.reject(new TypeError('rejected getter'));
  }
  set setOnly(value) {}
  get nothing() {
    return undefined;
  }
  get empty() {
    return null;
  }
  get thisOfGetter() {
    return this instanceof Thing;
  }
  isThis() {
    return this instanceof Thing;
  }
  giveFunction() {
    return function (x) {
      return [x, this === undefined, typeof this];
    };
  }
  *generator() {
    yield 1;
  }
  async *asyncGenerator() {
    yield 1;
  }
  iterator() {
    return [1][Symbol.iterator]();
  }
  takes() {
    return 'taken';
  }
  0() {
    return 'zero';
  }
  ''(x) {
    return `empty ${x}`;
  }
  'with space'() {
    return 'space';
  }
  'é☃'() {
    return 'snow';
  }
  'a.b'() {
    return 'dot';
  }
  get countedGetter() {
    this.#reads += 1;
    return 'counted';
  }
  reads() {
    return this.#reads;
  }
}
Thing.prototype.data = 'data of the prototype';
Thing.prototype.dataObject = {
  inner: { value: 7 },
  thisOfInner() {
    return this === Thing.prototype.dataObject;
  },
};

export class Entry extends WorkerEntrypoint {
  get value() {
    return 'value of the entrypoint';
  }
  target() {
    return new Target();
  }
  scheduled(x) {
    return `scheduled ${x}`;
  }
  queue(x) {
    return `queue ${x}`;
  }
  tail(x) {
    return `tail ${x}`;
  }
  trace(x) {
    return `trace ${x}`;
  }
  test(x) {
    return `test ${x}`;
  }
}

export const handler = {
  one: (value) => `one ${value}`,
  none: () => 'none',
  three: (value, env, ctx) => `${value} ${Object.keys(env)} ${typeof ctx.waitUntil}`,
  four: (_a, _b, _c, _d) => 'not reachable',
  value: 'a value',
  inner: { value: 1, f: (x) => `inner ${x}` },
  alarm: (x) => `alarm ${x}`,
  dup: (x) => `dup ${x}`,
  describe(value, env, ctx) {
    return [value, this === handler, arguments.length, Object.keys(env), typeof ctx.waitUntil];
  },
};
export const inheriting = Object.create({ inherited: () => 'inherited' });

export default {
  fetch(request, { T }, { exports }) {
    const bound = Object.entries(probes).map(([name, probe]) => [
      name,
      async () => {
        const target = await exports.Entry.target();
        const thing = T.getByName(name);
        const { Entry: entry, handler, inheriting } = exports;
        const result = await probe({ thing, target, entry, handler, inheriting });
        return Array.isArray(result) ? Promise.all(result) : result;
      },
    ]);
    return answer(Object.fromEntries(bound), request, null);
  },
};
