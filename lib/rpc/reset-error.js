'use strict';
// The error of an object that was reset, as its callers see it (spec S1.9.5, S2.7.6).

const { rememberThrown } = require('../report-error');
const { enhancedCopy, legacyError } = require('./errors');
const { transferDetail } = require('./transfer');

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
  const isEnhanced = flags.enhanced_error_serialization !== false;
  const error =
    (isEnhanced ? enhancedCopy(reason, transferDetail) : undefined) ?? legacyError(reason);
  rememberThrown(error, reason);
  if (typeof reason === 'object' && reason !== null && unflagged.has(reason)) return error;
  error.durableObjectReset = true;
  if (reason?.overloaded) error.overloaded = true;
  if (reason?.retryable) error.retryable = true;
  return error;
}

module.exports = { resetError, commitError };
