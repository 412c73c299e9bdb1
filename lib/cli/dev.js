// dev: `holdfast dev`: serves projects and serves them anew when their source or their config changes.
//
// The happy path: esbuild watches the source; each build replaces the running Worker's code, and hibernatable WebSockets stay
// connected. Static assets that change are served anew at once. A change of the config or of `.dev.vars` reads everything again.
// The ways it fails: a build or a config has an error, or the Worker cannot be loaded: it is printed and shown to browsers, and what runs
// goes on. With
// migrations that change stored data a Worker that cannot be loaded leaves nothing running until the next change.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { watchProject } = require('../build');
const { CONFIG_NAMES } = require('../config');
const { readProjects } = require('./read-projects');
const { watchAssets } = require('./watch-assets');
const { watchSite } = require('./watch-site');

/** @typedef {import('../config/load-config').ResolvedConfig} ResolvedConfig */
/** @typedef {import('../build/bundle').Build} Build */

/** Editors write a file in several steps; one reload is enough for all that happens in this time. */
const SETTLE_MS = 50;

/**
 * @param {import('./options').ServeOptions} options
 * @param {InstanceType<typeof import('./server').Server>} server
 * @param {InstanceType<typeof import('./terminal').Terminal>} terminal
 * @returns {Promise<void>} when it is first served
 * @throws what keeps the first run from being served
 */
async function dev(options, server, terminal) {
  const session = new DevSession(options, server, terminal);
  await session.open();
}

class DevSession {
  #options;
  #server;
  #terminal;
  /** One for each project. @type {{close(): Promise<void>}[]} */
  #sourceWatches = [];
  /** One for each project with static assets or a site. @type {{close(): void}[]} */
  #assetWatches = [];
  /** The bundles that run now. @type {string | undefined} */
  #served;
  /** Runs one reload after the other. */
  #queue = Promise.resolve();
  #configQueue = Promise.resolve();

  /**
   * @param {import('./options').ServeOptions} options
   * @param {InstanceType<typeof import('./server').Server>} server
   * @param {InstanceType<typeof import('./terminal').Terminal>} terminal
   */
  constructor(options, server, terminal) {
    this.#options = options;
    this.#server = server;
    this.#terminal = terminal;
  }

  async open() {
    const configs = this.#readConfigs();
    for (const config of configs) this.#watchConfig(config);
    await this.#watchSources(configs);
  }

  #readConfigs() {
    const configs = readProjects(this.#options);
    for (const config of configs) this.#terminal.warn(config.warnings);
    return configs;
  }

  /**
   * @param {ResolvedConfig[]} configs
   * @returns {Promise<void>} after the first builds were served or one failed
   */
  async #watchSources(configs) {
    for (const watch of this.#sourceWatches.splice(0)) await watch.close();
    this.#watchAssets(configs);
    this.#served = undefined;
    /** @type {(Build | undefined)[]} */
    const builds = configs.map(() => undefined);
    /** @type {PromiseWithResolvers} */
    const first = withResolvers();
    let runs = 0;
    for (const [index, config] of configs.entries()) {
      const watch = await watchProject(config, (build, error) => {
        if (build) builds[index] = build;
        if (build && builds.includes(undefined)) return; // others are being built for the first time
        const all = /** @type {Build[]} */ ([...builds]);
        const isFirst = runs++ === 0;
        const done = this.#enqueue(async () => {
          if (!build) throw error;
          this.#terminal.warn(build.warnings);
          await this.#serve(configs, all);
        });
        if (isFirst) done.then(first.resolve, first.reject);
        else done.catch((failure) => this.#fail(failure));
      });
      this.#sourceWatches.push(watch);
    }
    await first.promise;
  }

  /** What runs already goes on: an equal build is no reason to end connections. @param {ResolvedConfig[]} configs @param {Build[]} builds */
  async #serve(configs, builds) {
    const entries = builds.map(({ entryFile }) => entryFile).join();
    this.#server.showProblem(undefined);
    if (entries === this.#served) return;
    this.#served = undefined;
    this.#terminal.ready(await this.#server.run(configs, builds));
    this.#served = entries;
  }

  /** @param {ResolvedConfig[]} configs */
  #watchAssets(configs) {
    for (const watch of this.#assetWatches.splice(0)) watch.close();
    const reload = () =>
      this.#enqueue(() => this.#server.reloadAssets()).catch((error) =>
        this.#terminal.error(error),
      );
    for (const { assets, resources } of configs) {
      if (assets !== undefined) this.#assetWatches.push(watchAssets(assets.directory, reload));
      if (resources.site !== undefined)
        this.#assetWatches.push(watchSite(resources.site, () => this.#reloadConfig()));
    }
  }

  /** @param {ResolvedConfig} config */
  #watchConfig({ projectDir, files }) {
    const names = new Set([...CONFIG_NAMES, ...files.map((file) => path.basename(file))]);
    /** @type {NodeJS.Timeout | undefined} */
    let timer;
    for (const directory of new Set([projectDir, ...files.map((file) => path.dirname(file))]))
      fs.watch(directory, (_, name) => {
        if (!name || !(names.has(name) || /^\.(dev\.vars|env)(\.|$)/.test(name))) return;
        clearTimeout(timer);
        timer = setTimeout(() => this.#reloadConfig(), SETTLE_MS);
      });
  }

  /** One after the other: two at once would leave two watchers. */
  #reloadConfig() {
    this.#configQueue = this.#configQueue.then(async () => {
      try {
        await this.#watchSources(this.#readConfigs());
      } catch (error) {
        this.#fail(error);
      }
    });
  }

  /** What runs goes on. @param {unknown} error */
  #fail(error) {
    this.#terminal.error(error);
    this.#server.showProblem(error);
  }

  /** @param {() => Promise<void>} task */
  #enqueue(task) {
    const done = this.#queue.then(task);
    this.#queue = done.catch(() => {});
    return done;
  }
}

/** @typedef {{promise: Promise<void>, resolve: () => void, reject: (error: unknown) => void}} PromiseWithResolvers */

/** @returns {PromiseWithResolvers} */
function withResolvers() {
  /** @type {() => void} */
  let resolve = () => {};
  /** @type {(error: unknown) => void} */
  let reject = () => {};
  const promise = new Promise((/** @type {(value: void) => void} */ yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

module.exports = { dev };
