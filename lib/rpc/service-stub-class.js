'use strict';

const { addWildcard } = require('./wildcard');

/** What stubs of objects and of Workers are, for `instanceof` (S7.4.1). */
function ServiceStub() {
  throw new TypeError('Illegal constructor');
}
addWildcard(ServiceStub);
Object.defineProperty(ServiceStub.prototype, Symbol.toStringTag, {
  value: 'Fetcher',
  configurable: true,
});

module.exports = {
  ServiceStub: /** @type {new () => any} */ (/** @type {unknown} */ (ServiceStub)),
};
