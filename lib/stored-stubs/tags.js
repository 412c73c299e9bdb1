'use strict';

/** Which host object of a stored value is a stub: workerd's numbers. What follows them is not workerd's (docs/formats/stored-stubs.md). */
const tags = { rpcStub: 1, serviceStub: 11, objectClass: 12 };

module.exports = { tags };
