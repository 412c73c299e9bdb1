'use strict';
// The test environment `holdfast/jest/environment`: each test file in the realm of the process, with the globals of Workers as variables of
// its modules, and a runtime of its own. docs/decisions/0018-jest-environment.md says why.
//
// Happy path: the constructor makes the globals, Jest loads setup files, setup() starts the runtime, handleTestEvent() takes a level of
// storage for each `describe` and each test and gives it back (S10.3.4), teardown() closes the runtime and gives the process its globals.
// Ways it fails: what is wrong with options or configuration fails the test file, with the text of the error.

const vm = require('node:vm');
const { kitOptions } = require('../testing/kit/kit-options');
const { Kit } = require('../testing/kit/kit');
const { Isolation } = require('../testing/kit/isolation');
const { setCurrentKit } = require('../testing/kit/current-kit');
const { setModuleScope } = require('../testing/kit/scope-header');
const { legacyGlobals } = require('../testing/miniflare/legacy-globals');
const { FakeTimers, LegacyFakeTimers } = require('./fake-timers');
const { jestPackage } = require('./jest-packages');
const { keepProcess } = require('./keep-process');
const { thisRealm } = require('./realm');

/** The package conditions of Workers. */
const CONDITIONS = ['workerd', 'worker', 'browser'];

class HoldfastEnvironment {
  #options;
  #restore;
  #isolation;

  /** @param {any} config @param {any} context of Jest */
  constructor({ projectConfig }, context) {
    if (typeof (/** @type {any} */ (vm).SourceTextModule) === 'function')
      throw new Error(
        'holdfast/jest makes CommonJS of ES modules by itself: run Jest without --experimental-vm-modules.',
      );
    const { rootDir, testEnvironmentOptions, globals } = projectConfig;
    this.#options = kitOptions(testEnvironmentOptions, rootDir);
    this.#restore = keepProcess();
    /** @type {Kit | undefined} */
    this.kit = new Kit(this.#options);
    setCurrentKit(this.kit);
    setModuleScope(this.kit.scope);
    this.global = this.kit.scope.globalThis;
    Object.assign(this.global, structuredClone(globals), this.#options.globals);
    const { ModuleMocker } = jestPackage('jest-mock', rootDir);
    this.moduleMocker = new ModuleMocker(this.global);
    this.fakeTimers = new LegacyFakeTimers();
    this.fakeTimersModern = new FakeTimers(this.kit, projectConfig.fakeTimers ?? {});
    this.kit.advance = (time) => this.fakeTimersModern.advance(time);
    this.conditions = testEnvironmentOptions.customExportConditions ?? CONDITIONS;
    this.#isolation = new Isolation(this.#options, (text) => context.console.warn(text));
  }

  async setup() {
    const kit = /** @type {Kit} */ (this.kit);
    await kit.start();
    this.#isolation.controls = kit.controls;
    Object.assign(this.global, legacyGlobals(kit));
  }

  async teardown() {
    const { kit } = this;
    this.fakeTimersModern.dispose();
    this.kit = undefined;
    await kit?.close();
    setCurrentKit(undefined);
    setModuleScope(undefined);
    this.#restore();
    this.global = undefined;
    this.moduleMocker = undefined;
  }

  exportConditions() {
    return this.conditions;
  }

  getVmContext() {
    return this.global === undefined ? null : thisRealm();
  }

  /** @param {any} event of jest-circus */
  async handleTestEvent(event) {
    const { test } = event;
    switch (event.name) {
      case 'run_describe_start':
        await this.#isolation.enter();
        break;
      case 'run_describe_finish':
        await this.#isolation.leave();
        break;
      case 'test_start':
        if (!test.concurrent) await this.#isolation.enter();
        break;
      case 'test_skip':
      case 'test_todo':
        if (!test.concurrent) await this.#isolation.leave();
        break;
      case 'test_done': {
        if (test.concurrent) break;
        const left = this.#isolation.left(test.name);
        if (left !== undefined) test.errors.push([left, left]);
        await this.#isolation.leave();
        break;
      }
      default:
        break;
    }
  }
}

module.exports = {
  default: HoldfastEnvironment,
  TestEnvironment: HoldfastEnvironment,
  __esModule: true,
};
