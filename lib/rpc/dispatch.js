'use strict';
// Which member of a target a path names, and its call (spec S7.1).

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

/** @param {string} name */
const notImplemented = (name) =>
  new TypeError(`The RPC receiver does not implement the method "${name}".`);

/**
 * A member of a class instance: on its prototype chain below `base`, never an own property (S7.1.2).
 * @param {any} target
 * @param {string} name
 * @param {Function} base
 */
function instanceMember(target, name, base) {
  if (Object.hasOwn(target, name)) throw notImplemented(name);
  for (
    let at = Object.getPrototypeOf(target);
    at && at !== base.prototype;
    at = Object.getPrototypeOf(at)
  ) {
    if (at === Object.prototype) break;
    if (Object.hasOwn(at, name)) return target[name];
  }
  throw notImplemented(name);
}

/** S7.1.3 @param {any} holder @param {string} name @param {Function} RpcTarget */
function nestedMember(holder, name, RpcTarget) {
  if (holder instanceof RpcTarget) return targetMember(holder, name, RpcTarget);
  const hasMembers =
    (typeof holder === 'object' && holder !== null) || typeof holder === 'function';
  if (!hasMembers || !Object.hasOwn(holder, name)) throw notImplemented(name);
  return holder[name];
}

/** @param {any} target @param {string} name @param {Function} RpcTarget */
function targetMember(target, name, RpcTarget) {
  if (kReservedOnTargets.has(name)) throw reserved(name);
  return instanceMember(target, name, RpcTarget);
}

/** @param {string} name */
const reserved = (name) =>
  new TypeError(`'${name}' is a reserved method and cannot be called over RPC.`);

/**
 * Calls (args) or reads (undefined) what `path` names on a Durable Object or entrypoint instance.
 * @param {any} target
 * @param {Function} base DurableObject, WorkerEntrypoint or RpcTarget
 * @param {Function} RpcTarget
 * @param {string[]} path
 * @param {unknown[] | undefined} args
 */
function invokeInstance(target, base, RpcTarget, path, args) {
  const [first] = path;
  if (base !== RpcTarget && kReservedOnEntrypoints.has(first)) throw reserved(first);
  const member =
    base === RpcTarget
      ? targetMember(target, first, RpcTarget)
      : instanceMember(target, first, base);
  return finish(target, member, path, args, RpcTarget);
}

/**
 * As invokeInstance, on a function (path []) or a plain object.
 * @param {any} target
 * @param {Function} RpcTarget
 * @param {string[]} path
 * @param {unknown[] | undefined} args
 * @returns {any}
 */
function invokeValue(target, RpcTarget, path, args) {
  if (path.length === 0) {
    if (args === undefined) return target;
    if (typeof target !== 'function') throw new TypeError('The RPC receiver is not a function.');
    return Reflect.apply(target, undefined, args);
  }
  return finish(target, nestedMember(target, path[0], RpcTarget), path, args, RpcTarget);
}

/**
 * @param {any} holder
 * @param {any} member what path[0] named
 * @param {string[]} path
 * @param {unknown[] | undefined} args
 * @param {Function} RpcTarget
 * @returns {any}
 */
function finish(holder, member, path, args, RpcTarget) {
  if (path.length === 1) {
    if (args === undefined) return member;
    if (typeof member !== 'function') throw new TypeError(`"${path[0]}" is not a function.`);
    return Reflect.apply(member, holder, args);
  }
  const next = path.slice(1);
  // A getter may give a promise: what depends on it waits (S7.3.1).
  if (typeof member?.then === 'function') {
    return Promise.resolve(member).then((value) => invokeValue(value, RpcTarget, next, args));
  }
  return invokeValue(member, RpcTarget, next, args);
}

module.exports = { invokeInstance, invokeValue };
