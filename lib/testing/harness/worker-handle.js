'use strict';
// WorkerHandle: one Worker of a test harness: its events, bindings and objects.

const { requestForDelivery, responseForHost } = require('../../web/internal');
const { Invocation } = require('../../workers/invocation');
const { deliverTo } = require('../../workers/local-delivery');
const { runHandler } = require('../../workers/run-handler');
const { applyD1Migrations, readD1Migrations } = require('../module/d1-migrations');
const { migrationsOf } = require('./harness-config');
const { makeService } = require('../../workers/service-stub');

/**
 * @typedef {object} Part
 * @property {import('../../workers/worker').Worker} worker
 * @property {import('../controls/controls').Controls} controls
 * @property {URL} url
 * @property {((url: URL) => boolean)[]} routes
 * @property {import('./harness-config').WorkerInput} input
 */

/** @typedef {{name?: string, id?: string, webSockets?: 'hibernate' | 'close'}} ObjectOptions */

class WorkerHandle {
  #part;

  /** @param {() => Promise<Part>} part of the session that runs */
  constructor(part) {
    this.#part = part;
  }

  /** @param {any} input @param {any} [init] @returns {Promise<any>} */
  async fetch(input, init) {
    const { worker, url } = await this.#part();
    const isText = typeof input === 'string' || input instanceof URL;
    const request = requestForDelivery([isText ? new URL(input, url).href : input, init]);
    const invocation = new Invocation(worker, 'request');
    return responseForHost(
      await deliverTo(invocation, request, () => worker.answer(request, invocation)),
    );
  }

  /** @param {{cron?: string, scheduledTime?: Date | number}} [options] */
  async scheduled({ cron = '', scheduledTime = Date.now() } = {}) {
    const { worker } = await this.#part();
    let noRetry = false;
    const controller = {
      cron,
      scheduledTime: Number(scheduledTime),
      noRetry() {
        noRetry = true;
      },
    };
    await runHandler(worker, 'scheduled', controller);
    return { outcome: 'ok', noRetry };
  }

  /** @param {import('../../mail/receive').Incoming} message */
  async email(message) {
    const { controls, worker } = await this.#part();
    return controls.receiveEmail(message, worker);
  }

  async getEnv() {
    return (await this.#part()).worker.env;
  }

  /** The default export, with its methods. */
  async getExport() {
    const { worker } = await this.#part();
    return makeService(worker, 'default', {});
  }

  /** @param {string} name of a class or binding */
  async listDurableObjectIds(name) {
    const part = await this.#part();
    return (await part.controls.listIds(namespaceOf(part, name))).map(String);
  }

  /** @param {string} name of a class or binding @param {ObjectOptions} options */
  async evictDurableObject(name, { webSockets = 'hibernate', ...which }) {
    const part = await this.#part();
    await part.controls.evict(stubOf(part, name, which), { webSockets });
  }

  /** @param {string} name of a class or binding @param {ObjectOptions} options */
  async getDurableObjectStorage(name, options) {
    const part = await this.#part();
    const stub = stubOf(part, name, options);
    return {
      /** @param {string} query @param {any[]} bindings */
      exec: (query, ...bindings) =>
        part.controls.runInObject(stub, (_instance, { storage }) =>
          storage.sql.exec(query, ...bindings).toArray(),
        ),
    };
  }

  /** Those of its directory that were not applied. @param {string} name of a binding */
  async applyD1Migrations(name) {
    const { worker, input } = await this.#part();
    const directory = migrationsOf(input, name);
    await applyD1Migrations(worker.env[name], await readD1Migrations(directory));
  }

  async introspectWorkflow() {
    throw new Error('introspectWorkflow() is not supported by Holdfast yet.');
  }

  async introspectWorkflowInstance() {
    throw new Error('introspectWorkflowInstance() is not supported by Holdfast yet.');
  }
}

/** Classes come before bindings. @param {Part} part @param {string} name */
function namespaceOf({ worker }, name) {
  const exported = /** @type {any} */ (worker.exports)[name];
  const namespace = worker.classes.has(name) ? exported : worker.env[name];
  if (typeof namespace?.idFromName === 'function') return namespace;
  throw new Error(`The Worker "${worker.name}" has no Durable Object class or binding "${name}".`);
}

/** @param {Part} part @param {string} name @param {ObjectOptions} which */
function stubOf(part, name, { name: objectName, id }) {
  const namespace = namespaceOf(part, name);
  if (objectName !== undefined) return namespace.getByName(objectName);
  if (id !== undefined) return namespace.get(namespace.idFromString(id));
  throw new TypeError('An object is given by its name or by its id.');
}

module.exports = { WorkerHandle };
