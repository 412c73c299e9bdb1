'use strict';
// startVitestKit: the kit of one of Vitest's worker processes (or threads). Its global object becomes that of a Worker, so that vi.stubGlobal,
// vi.useFakeTimers and libraries that replace globals reach the Worker's code as well as the tests.

const path = require('node:path');
const { installHooks } = require('../register/install-hooks');
const { Kit } = require('../testing/kit/kit');
const { Isolation } = require('../testing/kit/isolation');
const { setCurrentKit } = require('../testing/kit/current-kit');
const { installKitGlobals } = require('./kit-globals');
const { TEST_MODULE } = require('./modules');
const hooks = require('./node-hooks');
const { vitestOptions } = require('./options');

const kTooEarly =
  'The Worker is loaded when the test file is: call its objects in a hook or in a test, and not at the top level of the file.';

/**
 * @param {Record<string, any>} given options of the test environment
 * @returns {Promise<() => Promise<void>>} ends it
 */
async function startVitestKit(given) {
  const { options, outboundService } = vitestOptions(given, process.cwd());
  const kit = new Kit(options, globalThis);
  const uninstall = installKitGlobals(kit.scope, {
    ...options.globals,
    ...outbound(outboundService),
  });
  /** @type {any} */ (kit).isolation = new Isolation(options, (text) => console.warn(text));
  kit.loadMain = () => {
    throw new Error(kTooEarly);
  };
  setCurrentKit(kit);
  installHooks(hooks, path.join(__dirname, 'node-hooks.js'), (name) =>
    name === TEST_MODULE ? kit.testModule : kit.modules,
  );
  await kit.start();
  return async () => {
    await kit.close();
    setCurrentKit(undefined);
    uninstall();
  };
}

/** What leaves the Worker goes to a function of the configuration. @param {((request: any) => Promise<any>) | undefined} service */
function outbound(service) {
  if (service === undefined) return {};
  return {
    fetch: (/** @type {any} */ input, /** @type {any} */ init) => service(new Request(input, init)),
  };
}

module.exports = { startVitestKit };
