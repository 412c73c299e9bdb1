'use strict';
// createTestHarness: Workers behind a server, for integration tests under any runner, in the shape of wrangler's function of that name.
//
// Happy path: listen() builds and starts the Workers in memory, fetch() goes to the one whose routes match, reset() starts them again with the
// options of listen(), close() ends them. Ways it fails: what createRuntime() throws; a handle to a Worker that is not there.

const { createRuntime } = require('../../create-runtime');
const { Runtime } = require('../../runtime');
const { createControls } = require('../controls/controls');
const { HarnessLogs } = require('./harness-logs');
const { resolveWorker, routesOf } = require('./harness-config');
const { WorkerHandle } = require('./worker-handle');
const { Request } = require('../../web/internal');

/** @typedef {{root?: string, workers: any[]}} HarnessOptions */

class TestHarness {
  /** @type {HarnessOptions | undefined} */
  #options;
  /** Those of listen(), for reset(). @type {HarnessOptions | undefined} */
  #first;
  /** @type {Promise<Session> | undefined} */
  #session;
  #logs = new HarnessLogs();

  /** @param {HarnessOptions} [options] */
  constructor(options) {
    this.#options = options;
  }

  /** @returns {Promise<{url: URL}>} the same until close() or reset() */
  async listen() {
    this.#session ??= this.#start();
    const { url } = await this.#session;
    return { url };
  }

  async #start() {
    const options = this.#options;
    if (options === undefined)
      throw new Error('createTestHarness() got no options: call update(options) before listen().');
    this.#first ??= options;
    this.#logs.clear();
    this.#logs.note('the server starts');
    return startSession(options, this.#logs);
  }

  /** @returns {Promise<Session>} */
  get #running() {
    if (this.#session === undefined)
      throw new Error('The server is not running: call listen() first.');
    return this.#session;
  }

  /** @param {any} input @param {any} [init] @returns {Promise<any>} */
  async fetch(input, init) {
    const session = await this.#running;
    const request = session.request(input, init);
    this.#logs.note(`${request.method} ${request.url}`);
    return session.handleFor(request.url).fetch(request);
  }

  /** @param {string} [name] the first one without it */
  getWorker(name) {
    return new WorkerHandle(async () => {
      const session = await this.#running;
      return session.part(name);
    });
  }

  getLogs() {
    return this.#logs.all();
  }

  clearLogs() {
    this.#logs.clear();
  }

  /** Prints what happened so far. */
  debug() {
    this.#logs.print();
  }

  /** @param {HarnessOptions | ((options: HarnessOptions) => HarnessOptions)} options */
  async update(options) {
    const before = this.#options;
    this.#options =
      typeof options === 'function' ? options(/** @type {HarnessOptions} */ (before)) : options;
    if (this.#session === undefined) return;
    await this.#restart();
  }

  async reset() {
    this.#options = this.#first ?? this.#options;
    await this.#restart();
  }

  async #restart() {
    await this.#stop();
    await this.listen();
  }

  async close() {
    await this.#stop();
    this.#first = undefined;
  }

  async #stop() {
    const session = this.#session;
    this.#session = undefined;
    await (await session)?.close();
  }

  [Symbol.asyncDispose]() {
    return this.close();
  }
}

/** Workers that run. */
class Session {
  #controls;
  #parts;

  /** @param {import('../controls/controls').Controls} controls @param {URL} url @param {import('./worker-handle').Part[]} parts */
  constructor(controls, url, parts) {
    this.#controls = controls;
    this.url = url;
    this.#parts = parts;
  }

  /** @param {any} input @param {any} init */
  request(input, init) {
    const isText = typeof input === 'string' || input instanceof URL;
    return new Request(isText ? new URL(input, this.url) : input, init);
  }

  /** @param {string} url */
  handleFor(url) {
    const part = this.#parts.find(({ routes }) => routes.some((route) => route(new URL(url))));
    return new WorkerHandle(async () => part ?? this.#parts[0]);
  }

  /** @param {string} [name] */
  part(name) {
    const part =
      name === undefined ? this.#parts[0] : this.#parts.find((one) => one.worker.name === name);
    if (part !== undefined) return part;
    const names = this.#parts.map(({ worker }) => worker.name).join(', ');
    throw new Error(`There is no Worker "${name}" in this harness. There are: ${names}.`);
  }

  close() {
    return this.#controls.dispose();
  }
}

/** @param {HarnessOptions} options @param {HarnessLogs} logs */
async function startSession({ root = process.cwd(), workers }, logs) {
  if (!Array.isArray(workers) || workers.length === 0)
    throw new TypeError('createTestHarness() needs at least one Worker.');
  const inputs = workers.map((given) => resolveWorker(given, root));
  const runtime = await createRuntime({ config: inputs.map(({ config }) => config) });
  const controls = createControls(runtime);
  const { workers: running } = Runtime.partsOf(runtime);
  for (const worker of running) logs.listenTo(worker);
  const url = new URL((await runtime.listen({ port: 0 })).url);
  const parts = running.map((worker, index) => {
    const input = inputs[index];
    return { worker, controls, url, input, routes: routesOf(input) };
  });
  return new Session(controls, url, parts);
}

/** @param {HarnessOptions} [options] */
const createTestHarness = (options) => new TestHarness(options);

module.exports = { createTestHarness };
