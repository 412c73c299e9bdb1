'use strict';
module.exports = { legacyGlobals: () => ({}) };
