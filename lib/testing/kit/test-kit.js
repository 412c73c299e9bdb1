'use strict';
// createTestKit: the helpers of `cloudflare:test` for a runner that has no environment of ours, such as node:test: a runtime in memory,
// with isolation where the test calls enter() and leave().

const { createRuntime } = require('../../create-runtime');
const { Runtime } = require('../../runtime');
const { createControls } = require('../controls/controls');
const { Isolation } = require('./isolation');
const { createMatchers } = require('./matchers');
const { createTestModule } = require('../module/module');
const { followClock } = require('../time/process-date');
const { showCalleeFrames } = require('../../rpc/caller-frames');

/**
 * @param {object} [options] of createRuntime(), without dataDir; and those of isolation
 * @returns {Promise<Record<string, any>>} what `cloudflare:test` exports, and the kit's own
 */
async function createTestKit(options = {}) {
  const {
    isolatedStorage = true,
    pending = isolatedStorage ? 'warn' : 'ignore',
    ...runtimeOptions
  } = /** @type {Record<string, any>} */ (options);
  if (runtimeOptions.dataDir !== undefined)
    throw new TypeError('A test kit keeps its data in memory: leave out dataDir.');
  const { config, main, durableObjects } = runtimeOptions;
  const isBare = config === undefined && main === undefined && durableObjects === undefined;
  const runtime = await createRuntime({ ...(isBare ? { config: '.' } : {}), ...runtimeOptions });
  const controls = createControls(runtime);
  followClock(controls.clock);
  const isolation = new Isolation({ isolatedStorage, pending }, (text) => console.warn(text));
  isolation.controls = controls;
  const hideFrames = showCalleeFrames();
  const close = () => {
    hideFrames();
    controls.clock.real();
    return controls.dispose();
  };
  const kit = createTestModule(() => controls, {
    scope: Runtime.partsOf(runtime).workers[0].scope?.globalThis ?? globalThis,
    advance: (time) => controls.clock.advance(time),
  });
  const own = {
    matchers: createMatchers(() => controls),
    clock: controls.clock,
    /** What is written from here on is undone by leave(). */
    enter: () => isolation.enter(),
    /** @param {string} [test] its name, for what is told of what it left under way */
    async leave(test = 'a test') {
      const left = isolation.left(test);
      await isolation.leave();
      if (left !== undefined) throw left;
    },
    /** @param {object} [address] */
    listen: (address = { port: 0 }) => controls.runtime.listen(address),
    close,
    [Symbol.asyncDispose]: close,
  };
  return Object.defineProperties(kit, Object.getOwnPropertyDescriptors(own));
}

module.exports = { createTestKit };
