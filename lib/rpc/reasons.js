'use strict';
// Reasons of signals and of streams on their way over RPC: values like any other.

/** Filled in by transfer.js, which needs what needs this file. @type {{copyOf: (value: unknown) => unknown}} */
const copying = { copyOf: (value) => value };

/** What the other side gets; undefined: it cannot cross, which does not keep the signal from doing so. @param {unknown} reason */
function reasonFor(reason) {
  try {
    return copying.copyOf(reason);
  } catch {
    return undefined;
  }
}

module.exports = { copying, reasonFor };
