'use strict';
// TestExecutionContext: the `ctx` that a test gives to a handler (spec S10.2 createExecutionContext, S10.3.3 `new ExecutionContext()`), and
// how a test waits for what waitUntil() was given.

const kPromises = Symbol('promises');
const kWaitMs = 30_000;
const kExpired = Symbol('expired');

class TestExecutionContext {
  /** @type {unknown[]} */
  [kPromises] = [];
  props = {};

  /** @param {() => object} [exportsOf] what `ctx.exports` is */
  constructor(exportsOf) {
    if (exportsOf)
      Object.defineProperty(this, 'exports', {
        get: exportsOf,
        enumerable: true,
        configurable: true,
      });
  }

  get [Symbol.toStringTag]() {
    return 'ExecutionContext';
  }

  /** @param {unknown} promise */
  waitUntil(promise) {
    this[kPromises].push(promise);
    // A rejection is the concern of who waits; without that it is nobody's.
    Promise.resolve(promise).catch(() => {});
  }

  passThroughOnException() {}

  /** S1.14.7 @param {unknown} [reason] @returns {never} */
  abort(reason = new Error('Worker execution was aborted due to call to ctx.abort().')) {
    throw reason;
  }
}

/** @param {any} value @returns {unknown[]} what waitUntil() was given, which is forgotten */
function takePromises(value) {
  const promises = value?.[kPromises];
  if (Array.isArray(promises)) return promises;
  throw new TypeError(
    "Failed to execute 'getWaitUntil': parameter 1 is not of type 'ExecutionContext'.\n" +
      "You must call 'createExecutionContext()' or 'createPagesEventContext()' to get an 'ExecutionContext' instance.",
  );
}

/**
 * Waits for all of it, also for what is added meanwhile; at most 30 s at a time.
 * @param {unknown} ctx
 * @throws what a promise was rejected with; an AggregateError of several
 */
async function waitOnExecutionContext(ctx) {
  const promises = takePromises(ctx);
  const errors = [];
  while (promises.length > 0) {
    const batch = promises.splice(0);
    const settled = await within(Promise.allSettled(batch));
    if (settled === kExpired) {
      console.warn(
        `${batch.length} promises given to waitUntil() did not settle within ${kWaitMs / 1000} s; they are no longer waited for.`,
      );
      promises.length = 0;
      break;
    }
    for (const result of /** @type {PromiseSettledResult<unknown>[]} */ (settled))
      if (result.status === 'rejected') errors.push(result.reason);
  }
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new AggregateError(errors);
}

/** @template T @param {Promise<T>} promise @returns {Promise<T | typeof kExpired>} */
async function within(promise) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const late = /** @type {Promise<typeof kExpired>} */ (
    new Promise((resolve) => {
      timer = setTimeout(resolve, kWaitMs, kExpired);
    })
  );
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** S10.3.3 getMiniflareWaitUntil. @param {unknown} ctx @returns {Promise<unknown[]>} their results */
const waitUntilResults = async (ctx) => Promise.all(takePromises(ctx));

/** @param {object} target gets the same promises @param {TestExecutionContext} ctx */
const shareWaitUntil = (target, ctx) =>
  Object.defineProperty(target, kPromises, { value: ctx[kPromises] });

module.exports = { TestExecutionContext, shareWaitUntil, waitOnExecutionContext, waitUntilResults };
