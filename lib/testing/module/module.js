'use strict';
// createTestModule: what `cloudflare:test` exports (spec S10.2), and what Holdfast has beyond it: time, life-cycle and faults on demand.
// It is the same under every test runner.

const { adminSecretsStore } = require('./admin-secrets');
const { applyD1Migrations, readD1Migrations } = require('./d1-migrations');
const { FetchMock } = require('../fetch-mock/fetch-mock');
const { connectWebSocket } = require('./socket-client');
const { createPagesEventContext, createScheduledController } = require('./test-events');
const { createMessageBatch, getQueueResult } = require('./test-queue');
const { TestExecutionContext, waitOnExecutionContext } = require('./wait-until');

/**
 * What belongs to one test runner.
 * @typedef {object} Adapter
 * @property {any} scope the global object of the code under test
 * @property {(time: number | string) => Promise<void>} advance lets time go by
 */

/** @param {string} name @returns {() => never} */
const unsupported = (name) => () => {
  throw new Error(`${name}() is not supported by Holdfast yet.`);
};

/**
 * @param {() => import('../controls/controls').Controls} controls of the file's runtime
 * @param {Adapter} adapter
 * @returns {Record<string, any>}
 */
function createTestModule(controls, { scope, advance }) {
  const exportsOf = () => controls().exports;
  const SELF = new Proxy(
    {},
    {
      get(_target, name) {
        const self = /** @type {any} */ (controls().self);
        const value = self[name];
        return typeof value === 'function' ? value.bind(self) : value;
      },
      getPrototypeOf: () => Object.getPrototypeOf(controls().self),
    },
  );
  return {
    get env() {
      return controls().env;
    },
    SELF,
    fetchMock: new FetchMock(scope),
    adminSecretsStore,
    applyD1Migrations,
    createExecutionContext: () => new TestExecutionContext(exportsOf),
    createMessageBatch,
    createPagesEventContext: (/** @type {any} */ init) =>
      createPagesEventContext(init, controls().env, exportsOf),
    createScheduledController: (/** @type {any} */ options) =>
      createScheduledController(options, () => scope.Date.now()),
    getQueueResult,
    waitOnExecutionContext,
    introspectWorkflow: unsupported('introspectWorkflow'),
    introspectWorkflowInstance: unsupported('introspectWorkflowInstance'),
    ...lifeCycle(controls),
    // Beyond Cloudflare's.
    get faults() {
      return controls().faults;
    },
    restart: (/** @type {{afterCrash?: boolean}} */ options) => controls().restart(options),
    advance,
    receiveEmail: (/** @type {any} */ message) => controls().receiveEmail(message),
    sentEmails: () => controls().sentEmails(),
    connectWebSocket,
    readD1Migrations,
  };
}

/** @param {() => import('../controls/controls').Controls} controls */
function lifeCycle(controls) {
  return {
    runInDurableObject: (/** @type {any} */ stub, /** @type {any} */ callback) =>
      controls().runInObject(stub, callback),
    runDurableObjectAlarm: (/** @type {any} */ stub) => controls().runAlarm(stub),
    listDurableObjectIds: (/** @type {any} */ namespace) => controls().listIds(namespace),
    evictDurableObject: (/** @type {any} */ stub, /** @type {any} */ options) =>
      controls().evict(stub, options),
    evictAllDurableObjects: (/** @type {any} */ options) => controls().evictAll(options),
    abortAllDurableObjects: () => controls().abortAll(),
    reset: () => controls().reset(),
    hibernateDurableObject: (/** @type {any} */ stub) =>
      controls().evict(stub, { webSockets: 'hibernate' }),
  };
}

module.exports = { createTestModule };
