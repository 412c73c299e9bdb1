'use strict';
// DurableObject: the base class of objects (spec S1.10, S7.4).

/** On the prototype of DurableObjectState, which cannot be required here: it requires much that requires this file. */
const kState = Symbol('state');

class DurableObject {
  /** @type {any} */
  ctx;
  /** @type {any} */
  env;

  /** @param {any} ctx @param {any} env */
  constructor(ctx, env) {
    checkState(ctx);
    this.ctx = ctx;
    this.env = env;
  }
}

/** S1.10.5 @param {unknown} ctx */
function checkState(ctx) {
  if (/** @type {any} */ (ctx)?.[kState] === true) return;
  throw new TypeError(
    "Failed to construct 'DurableObjectBase': constructor parameter 1 is not of type 'DurableObjectState'.",
  );
}

// `state` is another name of `ctx` for code that was written so; a subclass may assign or declare its own. It sits behind the
// prototype that users see, which has a constructor only.
const withState = Object.defineProperty({}, 'state', {
  /** @this {any} */
  get() {
    return this.ctx;
  },
  /** @this {any} */
  set(value) {
    Object.defineProperty(this, 'state', {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  },
  configurable: true,
});
Object.setPrototypeOf(DurableObject.prototype, withState);

Object.defineProperty(DurableObject.prototype, Symbol.toStringTag, {
  value: 'DurableObjectBase',
  writable: true,
  configurable: true,
});

module.exports = { DurableObject, kState };
