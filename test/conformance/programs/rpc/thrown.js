import { DurableObject, RpcStub, RpcTarget } from 'cloudflare:workers';
import { answer, attempt, show } from '../probe.js';

class MyError extends RangeError {
  constructor(message, options) {
    super(message, options);
    this.name = 'MyError';
    this.code = 7;
  }
}
class Unnamed extends TypeError {}
class Getter extends Error {
  get name() {
    return 'NameOfTheClass';
  }
  get late() {
    return 'a getter of the class';
  }
}

const make = {
  error: () => new Error('e'),
  range: () => new RangeError('r'),
  type: () => new TypeError('t'),
  syntax: () => new SyntaxError('s'),
  reference: () => new ReferenceError('ref'),
  eval: () => new EvalError('ev'),
  uri: () => new URIError('u'),
  empty: () => new Error(),
  aggregate: () => new AggregateError([new Error('one'), new TypeError('two'), 3], 'many'),
  my: () => new MyError('mine', { cause: 'why' }),
  unnamed: () => new Unnamed('a subclass'),
  getter: () => new Getter('a getter'),
  properties: () =>
    Object.assign(new Error('p'), { n: 1, o: { deep: [1] }, d: new Date(0), u: undefined }),
  hidden: () => Object.defineProperty(new Error('h'), 'hidden', { value: 5, enumerable: false }),
  symbol: () => Object.assign(new Error('has a symbol'), { s: Symbol('x'), kept: 1 }),
  symbolKey: () => Object.assign(new Error('k'), { [Symbol('key')]: 1 }),
  weak: () => Object.assign(new TypeError('has a map'), { w: new WeakMap() }),
  url: () => Object.assign(new Error('has a URL'), { u: new URL('http://a.b/') }),
  headers: () => Object.assign(new Error('has headers'), { h: new Headers() }),
  instance: () => Object.assign(new RangeError('has an instance'), { i: new (class Local {})() }),
  accessor: () =>
    Object.defineProperty(new Error('a'), 'got', { get: () => 'from a getter', enumerable: true }),
  throwing: () =>
    Object.defineProperty(new Error('throws on reading'), 'bad', {
      get() {
        throw new Error('inner');
      },
      enumerable: true,
    }),
  cause: () => new Error('outer', { cause: new TypeError('inner', { cause: { code: 1 } }) }),
  noCause: () => new Error('outer', { cause: undefined }),
  nameNumber: () => Object.assign(new Error('n'), { name: 5 }),
  nameEmpty: () => Object.assign(new Error('empty name'), { name: '' }),
  nameBuiltIn: () => Object.assign(new Error('says it is'), { name: 'TypeError' }),
  nameWrong: () => Object.assign(new TypeError('says it is not'), { name: 'Wrong' }),
  messageObject: () => Object.assign(new Error('x'), { message: { not: 'text' } }),
  messageNumber: () => Object.assign(new Error('x'), { message: 5 }),
  messageColon: () => new Error('TypeError: nested: text'),
  multiline: () => new Error('line 1\nline 2'),
  functionInside: () => Object.assign(new Error('f'), { f: () => 'called' }),
  targetInside: () => Object.assign(new Error('t'), { t: new Target() }),
  stubInside: () => Object.assign(new Error('st'), { s: new RpcStub(new Target()) }),
  dom: () => new DOMException('text', 'AbortError'),
  domPlain: () => new DOMException('only text'),
  domMore: () => Object.assign(new DOMException('more', 'DataError'), { extra: 1 }),
  object: () => ({ a: 1, message: 'not an error' }),
  array: () => [1, 2],
  map: () => new Map([['k', 1]]),
  date: () => new Date(0),
  objectWithFunction: () => ({ f() {} }),
  promiseThrown: () => Promise.resolve(1),
  plainInstance: () => new (class Local {})(),
  bare: () => Object.create(null),
  functionThrown: () => function aFunction() {},
  targetThrown: () => new Target(),
  text: () => 'text',
  typeText: () => 'TypeError: looks like one',
  number: () => 5,
  negativeZero: () => -0,
  bigint: () => 5n,
  bool: () => false,
  nothing: () => undefined,
  null: () => null,
  sym: () => Symbol('thrown'),
  flagged: () =>
    Object.assign(new Error('flagged'), {
      remote: 'mine',
      retryable: 'mine',
      overloaded: 0,
      durableObjectReset: false,
    }),
  flaggedTrue: () => Object.assign(new Error('flagged'), { retryable: true, overloaded: true }),
  cyclic: () => {
    const o = { name: 'o' };
    o.self = o;
    return Object.assign(new Error('cyclic'), { o });
  },
};

const thrown = (thing, ...kinds) =>
  Promise.all(kinds.map(async (kind) => [kind, await attempt(() => thing.throws(kind))]));

const probes = {
  'built-in': ({ thing }) =>
    thrown(thing, 'error', 'range', 'type', 'syntax', 'reference', 'eval', 'uri', 'empty'),
  async custom({ thing }) {
    const out = await thrown(thing, 'my', 'unnamed', 'getter');
    const error = await thing.throws('my').catch((e) => e);
    return [
      ...out,
      error instanceof RangeError,
      error instanceof MyError,
      error.constructor.name,
      Object.keys(error)
        .sort()
        .filter((key) => key !== 'durableObjectId'),
      Object.getOwnPropertyDescriptor(error, 'name'),
    ];
  },
  properties: ({ thing }) =>
    thrown(thing, 'properties', 'hidden', 'symbolKey', 'accessor', 'throwing'),
  async causes({ thing }) {
    const out = await thrown(thing, 'cause', 'noCause', 'aggregate');
    const error = await thing.throws('cause').catch((e) => e);
    const many = await thing.throws('aggregate').catch((e) => e);
    return [
      ...out,
      error.cause instanceof TypeError,
      error.cause.remote,
      Object.getOwnPropertyDescriptor(error, 'cause').enumerable,
      many instanceof AggregateError,
      many.errors,
    ];
  },
  'odd-names': ({ thing }) =>
    thrown(
      thing,
      'nameNumber',
      'nameEmpty',
      'nameBuiltIn',
      'nameWrong',
      'messageObject',
      'messageNumber',
      'messageColon',
      'multiline',
    ),
  'not-serialisable': ({ thing }) => thrown(thing, 'symbol', 'weak', 'instance', 'url', 'headers'),
  stubs: ({ thing }) => thrown(thing, 'functionInside', 'targetInside', 'stubInside'),
  async frames({ thing }) {
    async function awaitsIt(call) {
      return await call();
    }
    const calls = [
      () => thing.throws('my'),
      async () => await thing.throws('error'),
      () => thing.throwsLate(),
      () => thing.failingGetter,
      () => thing.throws('my').anything,
    ];
    const seen = [];
    for (const call of calls) {
      const error = await awaitsIt(call).catch((thrown) => thrown);
      const [first, ...frames] = error.stack.split('\n');
      seen.push([first, frames.some((frame) => /^ +at async awaitsIt /.test(frame))]);
    }
    return seen;
  },
  async stack({ thing }) {
    const error = await thing.throws('type').catch((e) => e);
    const slot = Object.getOwnPropertyDescriptor(error, 'stack');
    return [
      error.stack.split('\n')[0],
      error.stack.includes('throws ('),
      slot?.enumerable ?? false,
    ];
  },
  async 'dom-exceptions'({ thing }) {
    const error = await thing.throws('dom').catch((e) => e);
    return [
      await thrown(thing, 'dom', 'domPlain', 'domMore'),
      error instanceof DOMException,
      error.code,
      error.extra,
    ];
  },
  objects: ({ thing }) =>
    thrown(
      thing,
      'object',
      'array',
      'map',
      'date',
      'objectWithFunction',
      'promiseThrown',
      'plainInstance',
      'bare',
      'functionThrown',
      'targetThrown',
    ),
  primitives: ({ thing }) =>
    thrown(
      thing,
      'text',
      'typeText',
      'number',
      'negativeZero',
      'bigint',
      'bool',
      'nothing',
      'null',
      'sym',
    ),
  flags: ({ thing }) => thrown(thing, 'flagged', 'flaggedTrue'),
  async 'flags-of-callbacks'({ thing }) {
    const error = await attempt(() =>
      thing.callBack(() => {
        throw new MyError('of the callback');
      }),
    );
    return [error, await attempt(() => new RpcStub(() => Promise.reject(new MyError('local')))())];
  },
  async returned({ thing }) {
    const out = [];
    for (const kind of ['error', 'my', 'aggregate', 'cause', 'dom', 'getter', 'flaggedTrue'])
      out.push(await attempt(() => thing.returns(kind)));
    const error = await thing.returns('my');
    return [...out, error.remote, Object.hasOwn(error, 'durableObjectId'), typeof error.stack];
  },
  async 'as-arguments'({ thing }) {
    const out = [];
    for (const kind of ['error', 'my', 'cause', 'symbol', 'functionInside', 'hidden'])
      out.push(await attempt(() => thing.describe(make[kind]())));
    return out;
  },
  rejections: ({ thing }) =>
    Promise.all(
      ['my', 'text', 'nothing', 'object'].map((kind) => attempt(() => thing.rejects(kind))),
    ),
  'through-two': async ({ thing }) => [
    await attempt(() => thing.throwsThrough('my')),
    await attempt(() => thing.throwsThrough('text')),
    await attempt(() => thing.catchesThrough('my')),
  ],
  async 'object-id'({ thing }) {
    const ids = [thing.id.toString()];
    const direct = await thing.throws('error').catch((e) => e.durableObjectId);
    const through = await thing.throwsThrough('error').catch((e) => e.durableObjectId);
    const object = await thing.throws('object').catch((e) => e.durableObjectId);
    const text = await thing.throws('text').catch((e) => e.durableObjectId);
    const fetched = await thing.fetch('http://a.b/').catch((e) => e.durableObjectId);
    return [ids.indexOf(direct), ids.indexOf(through), ids.indexOf(object), text, fetched];
  },
  'of-getters': async ({ thing }) => [
    await attempt(() => thing.failingGetter),
    await attempt(() => thing.makeFailing().anything()),
    await attempt(() => thing.throwsLate()),
  ],
  'cyclic-properties': ({ thing }) => thrown(thing, 'cyclic'),
};

class Target extends RpcTarget {}

export class Thing extends DurableObject {
  throws(kind) {
    throw make[kind]();
  }
  async rejects(kind) {
    throw make[kind]();
  }
  returns(kind) {
    return make[kind]();
  }
  describe(error) {
    return show(error);
  }
  callBack(callback) {
    return callback();
  }
  throwsThrough(kind) {
    return this.env.T.getByName('behind').throws(kind);
  }
  async catchesThrough(kind) {
    try {
      await this.env.T.getByName('behind').throws(kind);
    } catch (error) {
      return show(error);
    }
  }
  get failingGetter() {
    throw new MyError('of a getter');
  }
  makeFailing() {
    return {
      get anything() {
        throw new MyError('of a getter of a result');
      },
    };
  }
  async throwsLate() {
    await scheduler.wait(1);
    throw new MyError('late');
  }
  fetch() {
    throw new MyError('of fetch');
  }
}

export default {
  fetch(request, { T }) {
    const bound = Object.entries(probes).map(([name, probe]) => [
      name,
      () => probe({ thing: T.getByName(name) }),
    ]);
    return answer(Object.fromEntries(bound), request, null);
  },
};
