'use strict';
// Kit: what one test file has: the globals and modules of its Worker, and the runtime that its objects live in.
//
// Happy path: made before any module of the file is loaded; a test runner says how the Worker's own modules are loaded (`loadMain`);
// start() makes the runtime, whose Worker is loaded when something first asks for it, so that the file's mocks are in place; close().
// Ways it fails: what the Worker's modules throw is thrown to whoever asked first; ConfigError where a bound class is missing.
//
// Thread: the test file's. Owner: the test environment.

const { NO_SITE } = require('../../bindings/site/site-keys');
const { SiteFiles } = require('../../bindings/site/site-files');
const { createRuntime } = require('../../create-runtime');
const { makeKitScope } = require('../../worker-scope');
const { workersModule } = require('../../workers/module');
const { createControls } = require('../controls/controls');
const { lazyModule } = require('./lazy-module');
const { createTestModule } = require('../module/module');
const { showCalleeFrames } = require('../../rpc/caller-frames');
const { TEST_NAMES } = require('./scope-header');

/** @typedef {import('../controls/controls').Controls} Controls */

/** Globals of a Worker that belong to one runtime. */
const OF_RUNTIME = [
  'addEventListener',
  'caches',
  'dispatchEvent',
  'queueMicrotask',
  'removeEventListener',
  'reportError',
];

class Kit {
  #options;
  #hideFrames = () => {};
  /** What the Worker that runs now was given. @type {import('../../project').Given | undefined} */
  #given;
  /** Lets the time of the test go by. @type {(time: number | string) => Promise<void>} */
  advance = async () => {
    throw new Error('The test environment did not say how time goes by.');
  };
  /** @type {Controls | undefined} of the runtime; undefined: start() is not over */
  controls;
  /** Loads the module `main` of the Worker. @type {() => any} */
  loadMain = () => {
    throw new Error('The test environment did not say how the Worker is loaded.');
  };

  /**
   * @param {import('./kit-options').KitOptions} options
   * @param {any} [global] of the code under test, where that is not an object of its own
   */
  constructor(options, global) {
    this.#options = options;
    const { compatibilityFlags: flags } = options.resolved;
    this.scope = makeKitScope(flags, TEST_NAMES);
    /** The global object of the code under test. */
    this.global = global ?? this.scope.globalThis;
    /** What `cloudflare:test` exports. It may be imported before start(), and used afterwards. */
    this.testModule = createTestModule(() => this.started, {
      scope: this.global,
      advance: (time) => this.advance(time),
    });
    const given = () => this.#given?.modules;
    /** What `cloudflare:workers` and its like export: the same for the file, whichever runtime it has. */
    this.modules = workersModule(
      /** @type {any} */ ({
        flags,
        isLoaded: true,
        get env() {
          return given()?.env ?? {};
        },
        get exports() {
          return given()?.exports ?? {};
        },
        track: (/** @type {Promise<unknown>} */ promise) =>
          /** @type {any} */ (given())?.waitUntil(promise),
      }),
    );
  }

  /** Absolute path of the Worker's entry module. */
  get main() {
    return this.#options.resolved.main;
  }

  /** What `__STATIC_CONTENT_MANIFEST` exports: the keys of the Workers Site as text (S8.7.1). @throws {Error} there is no site */
  get siteManifest() {
    const { site } = this.#options.resolved.resources;
    if (site === undefined) throw new Error(NO_SITE);
    return JSON.stringify(new SiteFiles(site).manifest());
  }

  async start() {
    this.#hideFrames = showCalleeFrames();
    const { resolved, bindings, others } = this.#options;
    for (const { warnings } of [resolved, ...others])
      for (const warning of warnings) console.warn(`warning: ${warning}`);
    const runtime = await createRuntime({
      config: [{ ...resolved, assets: undefined }, ...others],
      bindings,
      build: [
        {
          load: (/** @type {import('../../project').Given} */ given) => this.#load(given),
          exports: ['default'],
          warnings: [],
        },
      ],
    });
    this.controls = createControls(runtime);
  }

  /** @returns {Controls} */
  get started() {
    if (this.controls !== undefined) return this.controls;
    throw new Error('The test environment has not started yet; use this in a hook or in a test.');
  }

  async close() {
    this.#hideFrames();
    await this.controls?.dispose();
  }

  /** @param {import('../../project').Given} given */
  #load(given) {
    this.#given = given;
    const values = given.scope?.values ?? {};
    for (const name of OF_RUNTIME) this.global[name] = values[name];
    return lazyModule(() => this.loadMain(), given.check);
  }
}

module.exports = { Kit };
