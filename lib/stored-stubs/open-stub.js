'use strict';
// openStub: a stub from the fields that were written down of it (spec S3.8.9): it is looked up by name what it points to.

const { mintId } = require('../actors/id');
const { makePassedStub } = require('../actors/stub');
const { kRestore } = require('../rpc/invoke');
const { ownedBy } = require('../rpc/ownership');
const { wrapFor } = require('../rpc/rpc-stub');
const { makeObjectClass } = require('../workers/durable-object-class');
const { makePersistentService } = require('../workers/service-stub');
const { Restored } = require('./restored');
const { RestoredStub } = require('./restored-stub');
const { tags } = require('./tags');

/** @typedef {import('../shard').Shard} Shard */

const damaged = () => new Error('A stored stub cannot be read: it is damaged.');

/** @param {any} value */
const isObject = (value) => typeof value === 'object' && value !== null;

/** @param {unknown[]} values @throws {Error} one is none */
function checkTexts(...values) {
  if (!values.every((value) => typeof value === 'string')) throw damaged();
}

/** @param {Shard} shard @param {string} name */
function workerOf(shard, name) {
  const worker = shard.workers.get(name);
  if (worker === undefined) throw new Error(`Stub refers to a service that doesn't exist: ${name}`);
  return worker;
}

/** @param {string} kind @param {string} name @param {string} worker */
const missing = (kind, name, worker) =>
  new Error(`Stub refers to ${kind} of the service ${worker} that doesn't exist: ${name}`);

/** @param {Shard} shard @param {any[]} fields */
function openService(shard, [name, entrypoint, props]) {
  checkTexts(name, entrypoint);
  if (!isObject(props)) throw damaged();
  const worker = workerOf(shard, name);
  if (!worker.hasEntrypoint(entrypoint)) throw missing('an entrypoint', entrypoint, name);
  return makePersistentService(worker, entrypoint, props);
}

/** @param {Shard} shard @param {any[]} fields */
function openClass(shard, [name, className, props]) {
  checkTexts(name, className);
  if (!isObject(props)) throw damaged();
  const worker = workerOf(shard, name);
  if (!worker.hasObjectClass(className)) throw missing('a class', className, name);
  return makeObjectClass(worker, className, props);
}

/** @param {Shard} shard @param {any[]} fields */
function openObject(shard, [uniqueKey, hex, name]) {
  checkTexts(uniqueKey, hex, name ?? '');
  const entry = shard.namespaces.find((one) => one.uniqueKey === uniqueKey);
  if (entry === undefined)
    throw new Error(`Stub refers to a Durable Object namespace that doesn't exist: ${uniqueKey}`);
  const { id, jurisdiction } = entry.parseId(hex);
  return makePassedStub(entry, mintId(entry, id, name, jurisdiction), true);
}

/** @param {any[]} fields */
function toRestored([vendor, params]) {
  if (typeof vendor?.[kRestore] !== 'function' || !isObject(params)) throw damaged();
  return new Restored(vendor, params, true);
}

/** @typedef {(shard: Shard, owner: import('../actors/instance').ActorInstance | undefined, fields: any[]) => any} Open */

/** @type {Record<number, Record<string, Open>>} */
const openers = {
  [tags.serviceStub]: {
    service: (shard, _owner, fields) => openService(shard, fields),
    object: (shard, _owner, fields) => openObject(shard, fields),
    restored: (_shard, _owner, fields) => new RestoredStub(toRestored(fields)),
  },
  [tags.objectClass]: { class: (shard, _owner, fields) => openClass(shard, fields) },
  [tags.rpcStub]: {
    restored(_shard, owner, fields) {
      const restored = toRestored(fields);
      return wrapFor(restored.target(), owner, restored);
    },
  },
};

/**
 * @param {Shard} shard
 * @param {import('../actors/instance').ActorInstance | undefined} owner whose stub it is; undefined: nobody's, it is inside of another
 * @param {number} tag
 * @param {any[]} fields its kind, and what that has
 * @returns {any}
 * @throws {Error} they are none of a stub, or what it points to is not there
 */
function openStub(shard, owner, tag, [kind, ...fields]) {
  const open = Object.hasOwn(openers[tag] ?? {}, kind) ? openers[tag][kind] : undefined;
  if (open === undefined) throw damaged();
  return ownedBy(owner, open(shard, owner, fields));
}

module.exports = { openStub };
