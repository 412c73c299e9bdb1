'use strict';
// Runs in each test file before anything else: from here the Worker's own code is loaded, by Jest, so that it is the same module that the
// test imports, with its mocks.

const { currentKit } = require('../testing/kit/current-kit');

const kit = currentKit();
// A project may have no Worker, and tests of its other modules.
if (kit.main !== undefined) {
  const { main } = kit;
  // eslint-disable-next-line no-restricted-syntax -- Jest's own registry is what is wanted here
  kit.loadMain = () => require(main);
}
