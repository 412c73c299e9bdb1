// The test runner of `holdfast/vitest`: Vitest's own, which also loads the Worker, and takes and gives back levels of storage.
//
// The Worker's entry module is imported when the test file is, so that the file's mocks are in place and both have the same modules.
import { createRequire } from 'node:module';
import { TestRunner, vi } from 'vitest';

const { FakeTime } = createRequire(import.meta.url)('./fake-time.js');

const kit = process[Symbol.for('holdfast.kit')];

export default class HoldfastRunner extends TestRunner {
  #main;
  #files = 0;
  #inTest = false;
  #time;

  async onBeforeRunFiles(files) {
    await super.onBeforeRunFiles?.(files);
    kit.isolation.controls = kit.controls;
    if (this.#files++ > 0) await kit.controls.reset();
    this.#time = new FakeTime(kit.controls.clock, vi);
    kit.advance = (time) => this.#time.advance(time);
  }

  async onCollected(files) {
    await super.onCollected?.(files);
    if (kit.main === undefined) return;
    this.#main = undefined;
    try {
      this.#main = await this.moduleRunner.import(kit.main);
      kit.loadMain = () => this.#main;
    } catch (error) {
      kit.loadMain = () => {
        throw error;
      };
    }
  }

  async onBeforeRunSuite(suite) {
    await super.onBeforeRunSuite(suite);
    if (suite.mode !== 'skip') await kit.isolation.enter();
  }

  async onAfterRunSuite(suite) {
    if (suite.mode !== 'skip') await kit.isolation.leave();
    await super.onAfterRunSuite(suite);
  }

  /** A test that failed is tried again from where it began. */
  async onBeforeTryTask(test, options) {
    await this.#leaveTest();
    if (!test.concurrent) {
      await kit.isolation.enter();
      this.#inTest = true;
    }
    await super.onBeforeTryTask(test, options);
  }

  async onAfterTryTask(test, options) {
    await super.onAfterTryTask(test, options);
    const left = test.concurrent ? undefined : kit.isolation.left(test.name);
    if (left !== undefined) throw left;
  }

  async onAfterRunTask(test) {
    await this.#leaveTest();
    await super.onAfterRunTask(test);
  }

  async #leaveTest() {
    this.#time.end();
    if (!this.#inTest) return;
    this.#inTest = false;
    await kit.isolation.leave();
  }
}
