'use strict';
// `holdfast/globals`: a program that asks for them gets the globals of Workers in place of Node's, everywhere and for good.

const { newestFlags } = require('./config/compatibility');
const { installInProcess } = require('./worker-scope');

installInProcess(newestFlags());
