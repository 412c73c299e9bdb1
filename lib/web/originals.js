// originals: Node's own web classes, for internal use, whatever stands on the global object later.
//
// They are read when first asked for, because touching Node's Request, Response, Headers or fetch loads undici (some 30 ms).
'use strict';

const NAMES = /** @type {const} */ ([
  'CloseEvent',
  'ErrorEvent',
  'FormData',
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

/**
 * What a global was. Node's lazy getters redefine the global as they run, so what is there at that moment is put back.
 * @param {any} target
 * @param {string} name
 * @param {PropertyDescriptor | undefined} descriptor of before
 */
function readCaptured(target, name, descriptor) {
  if (!descriptor?.get) return descriptor?.value;
  const current = Object.getOwnPropertyDescriptor(target, name);
  const value = descriptor.get.call(target);
  if (current) Object.defineProperty(target, name, current);
  return value;
}

/** @param {string} name */
function load(name) {
  if (!loaded.has(name))
    loaded.set(name, rootOf(readCaptured(globalThis, name, captured.get(name))));
  return loaded.get(name);
}

/** The class that a host's own one (Hono's, for example) stands on. @param {any} value */
function rootOf(value) {
  let root = value;
  if (typeof root !== 'function') return root;
  for (let base = root; typeof base === 'function' && base.name !== '';) {
    root = base;
    base = Object.getPrototypeOf(base);
  }
  return root;
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
  get FormData() {
    return /** @type {typeof globalThis.FormData} */ (load('FormData'));
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

module.exports = { originals, isOriginal, instanceOfEither, readCaptured };
