'use strict';
// The globals of jest-environment-miniflare (spec S10.3.3), for tests that were written for it.

const { DurableObjectNamespace } = require('../../actors/namespace');
const { legacyEvents } = require('./legacy-events');
const { TestExecutionContext, waitUntilResults } = require('../module/wait-until');

/** @param {import('../kit/kit').Kit} kit that has started @returns {Record<string, unknown>} by name */
function legacyGlobals(kit) {
  const controls = () => kit.started;
  class ExecutionContext extends TestExecutionContext {
    constructor() {
      super(() => controls().exports);
    }
  }
  return {
    ...legacyEvents,
    ExecutionContext,
    getMiniflareBindings: () => controls().env,
    getMiniflareDurableObjectStorage: (/** @type {any} */ id) => controls().storageOf(id),
    getMiniflareDurableObjectState: (/** @type {any} */ id) => controls().stateOf(id),
    getMiniflareDurableObjectInstance: (/** @type {any} */ id) => controls().instanceOf(id),
    runWithMiniflareDurableObjectGates: (/** @type {any} */ state, /** @type {() => any} */ run) =>
      controls().runWithGates(state, run),
    getMiniflareFetchMock() {
      const { fetchMock } = kit.testModule;
      fetchMock.activate();
      return fetchMock;
    },
    getMiniflareWaitUntil: waitUntilResults,
    async getMiniflareDurableObjectIds(/** @type {string} */ name) {
      const ids = await controls().listIds(namespaceOf(controls().env, name));
      return ids.map(String);
    },
    async flushMiniflareDurableObjectAlarms(/** @type {any[] | undefined} */ ids) {
      const { env } = controls();
      for (const id of ids ?? (await allIds(controls(), env)))
        await controls().runAlarm(stubFor(env, id));
    },
  };
}

/** @param {any} env @param {string} name */
function namespaceOf(env, name) {
  const namespace = env[name];
  if (namespace !== undefined) return namespace;
  throw new TypeError(`There is no Durable Object namespace ${name} on env.`);
}

/** A service has whatever method it is asked for. @param {any} env @returns {any[]} */
const namespacesOf = (env) =>
  Object.values(env).filter((value) => value instanceof DurableObjectNamespace);

/** @param {import('../controls/controls').Controls} controls @param {any} env */
async function allIds(controls, env) {
  const lists = await Promise.all(namespacesOf(env).map((one) => controls.listIds(one)));
  return lists.flat();
}

/** An id knows its namespace by its own rules alone: that which takes it. @param {any} env @param {any} id */
function stubFor(env, id) {
  for (const namespace of namespacesOf(env)) {
    try {
      return namespace.get(id);
    } catch {
      // an id of another one
    }
  }
  throw new TypeError('The id is of no namespace on env.');
}

module.exports = { legacyGlobals };
