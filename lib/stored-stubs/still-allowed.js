'use strict';

const kNoLonger =
  'Invoked a Worker from a stored stub, but the target worker no longer has the allow_irrevocable_stub_storage compatibility flag enabled.';

/**
 * A stub that may be stored is used: its target may have dropped the flag since (spec S3.8.9).
 * @param {boolean} isPersistent
 * @param {Record<string, boolean>} flags of the target
 * @throws {Error}
 */
function checkStillAllowed(isPersistent, flags) {
  if (isPersistent && !flags.allow_irrevocable_stub_storage) throw new Error(kNoLonger);
}

module.exports = { checkStillAllowed };
