// `node:assert` that counts the calls that passed, of every function. Tests get it instead of the module itself.
import * as original from 'node:assert';

export const counts = { passed: 0 };

function passed(value) {
  counts.passed += 1;
  return value;
}

/** A call that returns a promise passes when the promise is fulfilled. */
function counted(check) {
  return new Proxy(check, {
    apply(target, self, args) {
      const result = Reflect.apply(target, self, args);
      return result instanceof Promise ? result.then(passed) : passed(result);
    },
  });
}

/** A promise of RPC is callable, and then Node's rejects() does not take it for a promise. */
function rejectsOf(assert) {
  const promised = (value) => (typeof value?.then === 'function' ? Promise.resolve(value) : value);
  return (actual, ...rest) => {
    const isCall = typeof actual === 'function' && typeof actual.then !== 'function';
    return assert.rejects(isCall ? () => promised(actual()) : promised(actual), ...rest);
  };
}

function countedAssert(assert) {
  const copy = counted(assert);
  const own = {};
  for (const [name, value] of Object.entries(assert)) {
    if (name === 'strict' || name === 'default') continue;
    own[name] = name === 'AssertionError' ? value : counted(value);
  }
  own.rejects = counted(rejectsOf(assert));
  own.strict = assert.strict === assert ? copy : undefined;
  return new Proxy(copy, { get: (target, name) => own[name] ?? Reflect.get(target, name) });
}

const assert = countedAssert(original.default);
export default assert;
export const strict = countedAssert(original.strict);
export const {
  AssertionError,
  deepEqual,
  deepStrictEqual,
  doesNotMatch,
  doesNotReject,
  doesNotThrow,
  equal,
  fail,
  ifError,
  match,
  notDeepEqual,
  notDeepStrictEqual,
  notEqual,
  notStrictEqual,
  ok,
  rejects,
  strictEqual,
  throws,
} = assert;
