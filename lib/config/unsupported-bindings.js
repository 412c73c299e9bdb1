// Bindings that do not exist here: they stand on `env`, and any use throws and says why and what to do (S8.1.7).
'use strict';

const { isTable } = require('./config-document');
const { KEYS } = require('./key-table');

/**
 * @typedef {object} UnsupportedBinding
 * @property {string} kind the key of the config
 * @property {string} name the property of `env`
 * @property {string} [missing] what is missing; by default what the kind is called
 */

/**
 * @param {import('./config-document').Table} data a config or an environment
 * @returns {UnsupportedBinding[]}
 */
function findUnsupportedBindings(data) {
  return Object.entries(data).flatMap(([kind, value]) => {
    if (KEYS.get(kind)?.use !== 'binding') return [];
    return bindingNames(kind, value).map((name) => ({ kind, name }));
  });
}

/**
 * @param {string} kind
 * @param {unknown} value
 * @returns {string[]}
 */
function bindingNames(kind, value) {
  if (kind === 'queues') return isTable(value) ? bindingNames('producers', value.producers) : [];
  if (kind === 'unsafe' || kind === 'logfwdr')
    return isTable(value) ? bindingNames('bindings', value.bindings) : [];
  const entries = Array.isArray(value) ? value : [value];
  return entries.flatMap((entry) => {
    // Workflows have `name`, too, but only without `binding` is it the one on `env`.
    const name = isTable(entry) ? (entry.binding ?? entry.name) : undefined;
    return typeof name === 'string' ? [name] : [];
  });
}

/**
 * @param {UnsupportedBinding} binding
 * @returns {object} what stands on `env`
 */
function unsupportedBinding(binding) {
  return refuseUse(() => explain(binding));
}

/**
 * @param {unknown} containers of a config
 * @returns {string[]} the classes whose objects have a container
 */
function containerClasses(containers) {
  const entries = Array.isArray(containers) ? containers : [];
  return entries.flatMap((entry) =>
    isTable(entry) && typeof entry.class_name === 'string' ? [entry.class_name] : [],
  );
}

/** What stands as `ctx.container` in objects of such a class. @param {string} className */
function unsupportedContainer(className) {
  return refuseUse(
    () => `ctx.container of ${className} cannot be used: holdfast does not have Containers.`,
  );
}

/** @param {() => string} text @returns {object} any use of it throws */
function refuseUse(text) {
  const fail = () => {
    throw new Error(text());
  };
  // The target is a plain function: an arrow function cannot be constructed, which would throw another error.
  return new Proxy(function () {}, {
    // Symbols are how code looks at a value without using it (`console.log`, `instanceof`).
    get: (target, key) => (typeof key === 'symbol' ? undefined : fail()),
    set: fail,
    has: fail,
    deleteProperty: fail,
    apply: fail,
    construct: fail,
  });
}

/** @param {UnsupportedBinding} binding */
function explain({ kind, name, missing }) {
  const what = missing ?? `holdfast does not have ${KEYS.get(kind)?.note ?? kind}`;
  const property = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
  return (
    `env.${name} (${kind}) cannot be used: ${what}. To use your own, give it to createRuntime({ bindings: { ${property}: ` +
    'myImplementation } }).'
  );
}

module.exports = {
  containerClasses,
  findUnsupportedBindings,
  unsupportedBinding,
  unsupportedContainer,
};
