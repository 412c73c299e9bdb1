'use strict';
// What the modules named `cloudflare:...` export to a program of Node.

const { processModules } = require('../workers/process-worker');

module.exports = processModules();
