'use strict';
// structOf: plain objects that Workers makes of its own structures, whose members need not all be there.

/** @typedef {<T extends Record<string, any>>(members: T) => T} Struct */

/**
 * Since 2025-12-03 a member without a value is there and undefined; before, it is not there, and programs ask with `in`.
 * @param {Record<string, boolean>} flags of compatibility
 * @returns {Struct}
 */
const structOf = (flags) => (flags.enable_fast_jsg_struct ? (members) => members : withoutUnset);

/** @type {Struct} */
function withoutUnset(members) {
  for (const [name, value] of Object.entries(members))
    if (value === undefined) delete members[name];
  return members;
}

module.exports = { structOf };
