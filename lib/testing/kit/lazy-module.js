'use strict';
// lazyModule: the exports of a Worker's entry module, which is loaded when one of them is first asked for: a test file sets up its mocks
// before. What the test runner gives then is asked each time anew, so that after a reset of its modules objects start with the new code.

/**
 * @param {() => any} load gives the module as the test runner has it
 * @param {(module: Record<string, unknown>) => void} check called for each that is new
 * @returns {Record<string, unknown>}
 */
function lazyModule(load, check) {
  /** @type {unknown} */
  let loaded;
  /** @type {Record<string, unknown>} */
  let exports = {};
  const look = () => {
    const module = load();
    if (module === loaded) return exports;
    exports = asNamespace(module);
    check(exports);
    loaded = module;
    return exports;
  };
  return new Proxy(/** @type {Record<string, unknown>} */ ({}), {
    get: (_target, name) => (name === 'then' ? undefined : Reflect.get(look(), name)),
    has: (_target, name) => name in look(),
    ownKeys: () => Reflect.ownKeys(look()),
    getOwnPropertyDescriptor(_target, name) {
      const slot = Reflect.getOwnPropertyDescriptor(look(), name);
      return slot && { ...slot, configurable: true };
    },
    set: () => false,
  });
}

/** A module in CommonJS is the default export, and its properties are exports, too. @param {any} module */
function asNamespace(module) {
  if (module?.__esModule || module?.[Symbol.toStringTag] === 'Module') return module;
  return { ...module, default: module };
}

module.exports = { lazyModule };
