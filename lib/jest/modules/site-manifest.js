'use strict';
// `__STATIC_CONTENT_MANIFEST` in a project under test (S8.7.1).

const { currentKit } = require('../../testing/kit/current-kit');

module.exports = { __esModule: true, default: currentKit().siteManifest };
