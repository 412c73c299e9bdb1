'use strict';
// The error of an object that was reset, as its callers see it (spec S1.9.5, S2.7.6).

const { rememberThrown } = require('../report-error');
const { addFlag, enhancedCopy, legacyError } = require('./errors');
const { transferDetail } = require('./transfer');

/** Why a facet was reset, as its parent gave it: callers get a copy, properties included, and no flags (S1.15.3). */
class GivenReason {
  #reason;

  /** @param {unknown} reason */
  constructor(reason) {
    this.#reason = reason;
  }

  /** @returns {any} */
  error() {
    const error = copyOf(this.#reason);
    rememberThrown(error, this.#reason);
    addFlag(error, this.#reason);
    return error;
  }
}

/** @param {any} reason @returns {any} */
const copyOf = (reason) => enhancedCopy(reason, transferDetail) ?? legacyError(reason);

/** S4.11.2 */
const kConstraint = 'left the database in a state where constraints were violated';

/** Errors that carry no flag at all. @type {WeakSet<object>} */
const unflagged = new WeakSet();

/**
 * Why an object is reset whose writes could not be committed.
 * @param {string} message
 */
function commitError(message) {
  const error = new Error(message);
  if (message.includes(kConstraint)) unflagged.add(error);
  return error;
}

/**
 * A fresh copy for each caller.
 * @param {any} reason what was thrown, or why the runtime ended the object
 * @param {Record<string, boolean>} flags compatibility flags of the object
 * @returns {any}
 */
function resetError(reason, flags) {
  if (reason instanceof GivenReason) return reason.error();
  const isEnhanced = flags.enhanced_error_serialization !== false;
  const error = isEnhanced ? copyOf(reason) : legacyError(reason);
  rememberThrown(error, reason);
  if (typeof reason === 'object' && reason !== null && unflagged.has(reason)) return error;
  error.durableObjectReset = true;
  addFlag(error, reason);
  return error;
}

module.exports = { resetError, commitError, GivenReason };
