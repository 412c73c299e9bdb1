'use strict';
// Test files run in the realm of the process (docs/decisions/0018-jest-environment.md).
//
// Jest runs code in the context that an environment names. There is no name for the context of the process, so one object stands for it,
// and what node:vm is asked to run there is run here. All other contexts are left alone.

const vm = require('node:vm');

const kContext = Symbol.for('holdfast.realm');

/** @returns {import('node:vm').Context} the one of this process, that Jest is to be given */
function thisRealm() {
  const patched = /** @type {any} */ (vm);
  patched[kContext] ??= redirect(vm.createContext({}));
  return patched[kContext];
}

/** @param {import('node:vm').Context} context @returns {import('node:vm').Context} */
function redirect(context) {
  const { compileFunction } = vm;
  const { runInContext } = vm.Script.prototype;
  /** @type {any} */ (vm).compileFunction = (
    /** @type {string} */ code,
    /** @type {string[]} */ parameters,
    /** @type {vm.CompileFunctionOptions} */ options,
  ) => {
    const isHere = options?.parsingContext === context;
    return compileFunction(
      code,
      parameters,
      isHere ? { ...options, parsingContext: undefined } : options,
    );
  };
  vm.Script.prototype.runInContext = function (
    /** @type {vm.Context} */ given,
    /** @type {vm.RunningScriptInNewContextOptions} */ options,
  ) {
    return given === context
      ? this.runInThisContext(options)
      : runInContext.call(this, given, options);
  };
  return context;
}

module.exports = { thisRealm };
