'use strict';
// `node --import holdfast/register app.mjs`: a program of Node can import `cloudflare:workers` and define objects. Nothing else of the
// process changes; `holdfast/globals` is for who wants the globals, too.

const path = require('node:path');
const hooks = require('./hooks');
const { installHooks } = require('./install-hooks');
const processModules = require('./process-modules');

installHooks(hooks, path.join(__dirname, 'hooks.js'), () => processModules);
