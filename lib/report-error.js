'use strict';
// Exceptions that nobody waits for are reported, never fatal (spec S2.7.5, S6.7.5).

/** @param {unknown} error */
function reportError(error) {
  console.error(
    error instanceof Error ? `Uncaught ${error.stack ?? error}` : `Uncaught ${String(error)}`,
  );
}

module.exports = { reportError };
