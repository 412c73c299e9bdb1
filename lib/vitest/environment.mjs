// The test environment of `holdfast/vitest`: the process gets the globals of Workers, and a runtime.
//
// Happy path: setup() before anything of the tests is loaded, teardown() when the process has run its files. Ways it fails: what is wrong
// with options or configuration fails the test files, with the text of the error.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { startVitestKit } = require('./vitest-kit.js');

export default {
  name: 'holdfast',
  viteEnvironment: 'ssr',
  async setup(_global, { holdfast: options }) {
    const stop = await startVitestKit(options);
    return { teardown: stop };
  },
};
