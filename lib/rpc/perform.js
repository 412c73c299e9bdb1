'use strict';
// Runs one RPC call on a target where it lives: arguments copied in, the result copied out, errors tunnelled (spec S7.2, S7.8).

const { behindGate } = require('../actors/behind-gate');
const { current, runAs } = require('../current');
const { calls } = require('./rpc-stub');
const { transfer, transferDetail } = require('./transfer');
const { tunnelError } = require('./errors');

const kHostGone = 'The execution context which hosts this callback is no longer running.';

/**
 * @param {unknown[] | undefined} args
 * @param {import('./rpc-stub').Host | undefined} host the caller's: functions among the arguments live there
 * @param {Record<string, boolean>} [flags] the caller's compatibility flags
 * @returns {{args: unknown[] | undefined, stubs: any[]}} copies, made at the call (S7.2.2)
 */
function takeArguments(args, host, flags = host?.flags) {
  if (args === undefined) return { args, stubs: [] };
  // Code of an unknown place is under the newest rules.
  const dups = flags?.rpc_params_dup_stubs !== false;
  const { value, stubs } = transfer(args, host, { dups, moves: !dups });
  return { args: value, stubs };
}

/**
 * Stubs among the arguments go when the call is over (S7.6.1).
 * @param {any[]} stubs
 */
function disposeAll(stubs) {
  for (const stub of stubs) stub[Symbol.dispose]();
}

/**
 * The caller's copy of a result, with a disposer for the stubs inside (S7.5.9). They change hands (S7.6.1).
 * @param {unknown} result
 * @param {import('./rpc-stub').Host | undefined} host
 * @returns {any}
 */
function giveResult(result, host) {
  const { value, stubs } = transfer(result, host, { moves: true });
  const isObject = typeof value === 'object' && value !== null;
  if (!isObject || stubs.includes(value)) return value;
  Object.defineProperty(value, Symbol.dispose, {
    value: () => {
      disposeAll(stubs.splice(0));
      /** @type {any} */ (result)?.[Symbol.dispose]?.();
    },
    configurable: true,
  });
  return value;
}

/**
 * @param {unknown} error
 * @param {Origin | undefined} origin where it was thrown; undefined: code of no object, under the newest rules
 * @param {string} [id] of the object, when it goes with the error
 */
function giveError(error, origin, id) {
  const enhanced = origin?.flags.enhanced_error_serialization !== false;
  return tunnelError(error, { enhanced, copy: transferDetail, id });
}

/**
 * Compatibility flags decide how an error crosses.
 * @typedef {{flags: Record<string, boolean>}} Origin
 */

/**
 * @param {import('./rpc-stub').Host | undefined} host
 * @param {number} section of the host
 * @param {(args: unknown[] | undefined) => unknown} run
 * @param {unknown[] | undefined} args
 * @param {Record<string, boolean>} [flags] the caller's compatibility flags, where they are known
 * @returns {Promise<any>}
 */
async function performAt(host, section, run, args, flags) {
  const given = takeArguments(args, undefined, flags);
  const call = async () => {
    try {
      return giveResult(await run(given.args), host);
    } catch (error) {
      throw giveError(error, host);
    } finally {
      disposeAll(given.stubs);
    }
  };
  const caller = current.instance;
  if (caller !== undefined) {
    // The call is an output of the object that makes it (S2.6.2).
    await new Promise((resolve, reject) => caller.whenDurable(() => resolve(undefined), reject));
  }
  if (host === undefined) return behindGate(runAs(undefined, call));
  if (!host.isLive) throw new Error(kHostGone);
  return behindGate(host.perform(call, section));
}

calls.performAt = performAt;

module.exports = { takeArguments, giveResult, giveError, disposeAll, performAt };
