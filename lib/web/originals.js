// originals: Node's own web classes, kept for internal use after the Workers globals are installed.
//
// They are read when first asked for, because touching Node's Request, Response, Headers or fetch loads undici
// (some 30 ms). Node's lazy getters redefine the global as they run, so what is installed at that moment is put back.
'use strict';

const NAMES = /** @type {const} */ ([
  'CloseEvent',
  'ErrorEvent',
  'Headers',
  'MessageEvent',
  'Request',
  'Response',
  'fetch',
]);

/** @type {Map<string, PropertyDescriptor | undefined>} */
const captured = new Map(
  NAMES.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]),
);

/** @type {Map<string, any>} */
const loaded = new Map();

/** @param {string} name */
function load(name) {
  if (loaded.has(name)) return loaded.get(name);
  const descriptor = captured.get(name);
  let value = descriptor?.value;
  if (descriptor?.get) {
    const current = Object.getOwnPropertyDescriptor(globalThis, name);
    value = descriptor.get.call(globalThis);
    if (current) Object.defineProperty(globalThis, name, current);
  }
  loaded.set(name, value);
  return value;
}

/** Each property is Node's own class or function, or undefined where this Node has none. */
const originals = {
  get fetch() {
    return /** @type {typeof globalThis.fetch} */ (load('fetch'));
  },
  get Request() {
    return /** @type {typeof globalThis.Request} */ (load('Request'));
  },
  get Response() {
    return /** @type {typeof globalThis.Response} */ (load('Response'));
  },
  get Headers() {
    return /** @type {typeof globalThis.Headers} */ (load('Headers'));
  },
};

/**
 * Whether `value` is an instance of Node's own class `name`. Does not load the class for values that cannot be one.
 * @param {unknown} value
 * @param {typeof NAMES[number]} name
 */
function isOriginal(value, name) {
  if (typeof value !== 'object' || value === null) return false;
  if (/** @type {any} */ (value)[Symbol.toStringTag] !== name) return false;
  const type = load(name);
  if (typeof type !== 'function') return false;
  return Function.prototype[Symbol.hasInstance].call(type, value);
}

/**
 * `instanceof` for a class of ours that replaces Node's class of the same name: instances of either count, those of a
 * user's subclass are told the ordinary way.
 * @param {Function} self The class on the right of `instanceof`.
 * @param {Function} base The class of ours.
 * @param {unknown} value
 */
function instanceOfEither(self, base, value) {
  if (Function.prototype[Symbol.hasInstance].call(self, value)) return true;
  return self === base && isOriginal(value, /** @type {any} */ (base.name));
}

module.exports = { originals, isOriginal, instanceOfEither };
