'use strict';
// What tests do with objects (spec S10.2.1, S10.2.2, S10.2.6, S10.3.3). Error texts are those of the Vitest plugin.

const { DurableObjectNamespace } = require('../../actors/namespace');
const { DurableObjectStub, makeStub } = require('../../actors/stub');
const { isId, nameOf, spaceOf } = require('../../actors/id');
const { NamespaceEntry } = require('../../actors/namespace-entry');
const { ObjectCall } = require('./object-call');

const kOtherWorker =
  'Durable Object test helpers can only be used with stubs pointing to objects defined within the same worker.';

const kNoInstance =
  'The state is of no object that runs: of none at all, or of one that was evicted or reset since.';

/** @param {string} method @param {number} position @param {string} type */
const parameterError = (method, position, type) =>
  new TypeError(`Failed to execute '${method}': parameter ${position} is not of type '${type}'.`);

/** @typedef {import('../../actors/instance').ActorInstance} ActorInstance */

/** The objects of one Worker, and those of the others, which may not be touched. */
class Objects {
  #workerOf;

  /** @param {() => import('../../workers/worker').Worker} workerOf the one that is tested */
  constructor(workerOf) {
    this.#workerOf = workerOf;
  }

  /** @param {any} stub @param {string} method */
  partsOf(stub, method) {
    const parts = DurableObjectStub.partsOf(stub);
    if (parts === undefined) throw parameterError(method, 1, 'DurableObjectStub');
    return parts;
  }

  /**
   * @template T
   * @param {any} stub
   * @param {(instance: any, state: any) => Promise<T> | T} callback
   * @param {string} [method] as errors name it
   * @returns {Promise<T>}
   */
  run(stub, callback, method = 'runInDurableObject') {
    // Not an async function: the promise is the one that pop() knows.
    try {
      const { entry, send } = this.partsOf(stub, method);
      if (typeof callback !== 'function') throw parameterError(method, 2, 'function');
      if (entry.worker !== this.#workerOf()) throw new Error(kOtherWorker);
      return ObjectCall.make(send, ({ object, ctx }) => callback(object, ctx));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** S10.2.2 @param {any} stub @returns {Promise<boolean>} */
  runAlarm(stub) {
    return this.run(stub, runAlarm, 'runDurableObjectAlarm');
  }

  /** @param {any} namespace @returns {NamespaceEntry} */
  entryOf(namespace) {
    if (!(namespace instanceof DurableObjectNamespace))
      throw parameterError('listDurableObjectIds', 1, 'DurableObjectNamespace');
    return spaceOf(namespace.newUniqueId());
  }

  /**
   * S10.3.3: as an event of the object, and until what it wrote is durable.
   * @template T
   * @param {any} state `ctx` of an object
   * @param {() => Promise<T> | T} callback
   * @param {ActorInstance[]} running
   * @returns {Promise<T>}
   */
  async runWithGates(state, callback, running) {
    const instance = running.find(({ ctx }) => ctx === state);
    if (instance === undefined) throw new Error(kNoInstance);
    if (typeof callback !== 'function')
      throw parameterError('runWithMiniflareDurableObjectGates', 2, 'function');
    return instance.perform(async () => callback(), 0);
  }

  /**
   * The instance that runs, or a new one, of an object that is named by its id or by a stub.
   * @param {any} stubOrId
   * @returns {Promise<ActorInstance>}
   */
  awake(stubOrId) {
    const stub = isId(stubOrId) ? stubOf(stubOrId) : stubOrId;
    const { send } = this.partsOf(stub, 'runInDurableObject');
    return ObjectCall.make(send, (instance) => instance);
  }
}

/** @param {any} instance @param {any} state */
async function runAlarm(instance, state) {
  const alarm = await state.storage.getAlarm();
  if (alarm === null) return false;
  await state.storage.deleteAlarm();
  await instance.alarm?.();
  return true;
}

/** @param {any} id */
function stubOf(id) {
  const entry = spaceOf(id);
  if (!(entry instanceof NamespaceEntry)) throw new TypeError('The id is of no namespace.');
  return makeStub(entry, id, nameOf(id), undefined);
}

module.exports = { Objects, parameterError };
