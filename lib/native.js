'use strict';
// The addon: prebuilds/ of the published package, or build/Release/ of a checkout.

const path = require('node:path');

/** @type {any} */
const addon = require('node-gyp-build')(path.join(__dirname, '..'));

module.exports = addon;
