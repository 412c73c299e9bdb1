'use strict';
// Runs in each test file before anything else: from here the Worker's own code is loaded, by Jest, so that it is the same module that the
// test imports, with its mocks.

const { currentKit } = require('../testing/current-kit');

const kit = currentKit();
kit.loadMain = () => require(kit.main);
