'use strict';
// What code of no request and no object has got over RPC, and drops without disposing of it, is disposed of when it is collected.
//
// In Workers all code belongs to a request or an object, and what it forgets goes when that ends: collection disposes of nothing, so that
// no program can watch it (spec S7.6.4, S7.6.5). It is the same here. A program that calls objects from outside (`runtime.env`) has no
// such end, and would keep the objects it once had stubs of in memory for ever.

/** @type {FinalizationRegistry<Disposable>} */
const registry = new FinalizationRegistry((held) => held[Symbol.dispose]());

/**
 * @param {object} value what the code holds
 * @param {Disposable} held does not refer to `value`; its disposal may come twice
 */
function disposeWhenForgotten(value, held) {
  registry.register(value, held);
}

module.exports = { disposeWhenForgotten };
