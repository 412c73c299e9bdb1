'use strict';
// Which member of a target a path names, and its call (spec S7.1).

const { kInvoke } = require('./invoke');
const { isPlainObject } = require('./plain');
const { RpcTarget } = require('./rpc-target');
const { RpcPromise, RpcProperty } = require('./wildcard');

/**
 * How a target is looked into.
 * @typedef {object} View
 * @property {boolean} own its own properties are reachable and no others (S7.1.3); else those of its class only (S7.1.2)
 * @property {ReadonlySet<string>} reserved names that no step of a path may have (S7.1.4)
 * @property {any} [base] prototype of the base class, whose members are not reachable
 */

const kReservedOnEntrypoints = new Set([
  'fetch',
  'connect',
  'alarm',
  'webSocketMessage',
  'webSocketClose',
  'webSocketError',
  'dup',
  'constructor',
]);
const kReservedOnTargets = new Set(['dup', 'constructor']);

/** @type {Record<'entrypoint' | 'handlers' | 'target' | 'value', View>} */
const views = {
  /** an instance of a Durable Object or entrypoint class */
  entrypoint: { own: false, reserved: kReservedOnEntrypoints },
  /** an export that is an object */
  handlers: { own: true, reserved: kReservedOnEntrypoints },
  /** an RpcTarget; a stub that was returned */
  target: { own: false, reserved: kReservedOnTargets },
  /** a function or an object that was sent or returned */
  value: { own: true, reserved: kReservedOnTargets },
};

/** @param {string} name */
const notImplemented = (name) =>
  new TypeError(`The RPC receiver does not implement the method "${name}".`);

/** @param {any} holder an instance @param {string} name @param {any} base */
function isBelow(holder, name, base) {
  for (let at = holder; at !== null && at !== base; at = Object.getPrototypeOf(at)) {
    if (Object.hasOwn(at, name)) return true;
  }
  return false;
}

/** What a test puts in the place of a method (`jest.spyOn(instance, 'method')`, and Vitest's) is called as the method. @param {any} holder @param {string} name */
const isMock = (holder, name) =>
  holder[name]?._isMockFunction === true && name in Object.getPrototypeOf(holder);

/** @param {any} holder @param {string} name @param {boolean} own @param {View} view */
function memberOf(holder, name, own, { reserved, base }) {
  if (reserved.has(name))
    throw new TypeError(`'${name}' is a reserved method and cannot be called over RPC.`);
  const hasOwn = Object.hasOwn(holder, name);
  if (hasOwn !== own && !isMock(holder, name)) throw notImplemented(name);
  if (base !== undefined && name in base && !isBelow(holder, name, base))
    throw notImplemented(name);
  const value = holder[name];
  // What a class has from Object is no member of it; neither is what nobody has.
  if (!own && value === /** @type {any} */ (Object.prototype)[name]) throw notImplemented(name);
  return value;
}

/** @param {any} value */
const isStub = (value) => typeof value[kInvoke] === 'function';

/**
 * May a path go on through `value`, and to which of its properties?
 * @param {any} value
 * @param {boolean} inStub the path has come through a stub, whose properties are RpcProperties
 * @returns {boolean | undefined} View.own; undefined: it may not
 */
function reachable(value, inStub) {
  const type = typeof value;
  if ((type !== 'object' && type !== 'function') || value === null) return undefined;
  if (isPlainObject(value)) return true;
  // A stub's members are those of what it stands for.
  if (value instanceof RpcTarget || isStub(value)) return false;
  if (value instanceof RpcProperty) return inStub ? false : undefined;
  if (value instanceof RpcPromise) return undefined;
  return type === 'function' ? true : undefined;
}

/**
 * Calls (args) or reads (undefined) what `path` names.
 * @param {any} target
 * @param {View} view
 * @param {string[]} path
 * @param {unknown[] | undefined} args
 * @param {(method: Function, holder: any, name: string) => any} [call] how it is called; by default with the arguments
 * @returns {any}
 */
function invoke(target, view, path, args, call) {
  const last = path.length - 1;
  let holder = target;
  let { own } = view;
  let inStub = false;
  const inner = view.base === undefined ? view : views.entrypoint;
  for (let depth = 0; depth < last; depth += 1) {
    holder = memberOf(holder, path[depth], own, depth > 0 ? inner : view);
    const next = reachable(holder, inStub);
    if (next === undefined) throw notImplemented(path[depth]);
    own = next;
    inStub ||= isStub(holder);
  }
  const member = last < 0 ? target : memberOf(holder, path[last], own, last > 0 ? inner : view);
  if (args === undefined) return member;
  if (typeof member !== 'function') {
    const name = last < 0 ? '(this)' : path.join('.');
    throw new TypeError(`"${name}" is not a function.`);
  }
  if (call !== undefined) return call(member, holder, path.join('.'));
  return Reflect.apply(member, holder, args);
}

module.exports = { invoke, views };
