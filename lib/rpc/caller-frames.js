'use strict';
// The stack of an error that came over RPC: the callee's frames stay on its side (S7.8.2), and what its caller is shown are the
// functions that await the call.
//
// V8 finds those while it runs a reaction of a promise that they await, so the stack is captured in one. Only calls that fail pay.

const path = require('node:path');
const { originOf } = require('../report-error');

/** Where this package's own code lies. */
const kOwn = path.join(__dirname, '..') + path.sep;

/** For lib/testing: how many kits want to see the callee's frames, in front of the caller's. */
let kits = 0;

/** A test is told where in the object it was thrown. @returns {() => void} takes it back */
function showCalleeFrames() {
  kits += 1;
  let isShown = true;
  return () => {
    if (isShown) kits -= 1;
    isShown = false;
  };
}

/** @param {any} error @returns {error is Error} it has no frames */
const isBare = (error) =>
  error instanceof Error && error.stack === `${error.name}: ${error.message}`;

/**
 * @param {Error} error bare
 * @returns {Promise<never>} rejects with it; who resolves a promise with this one gives the error the frames of those that await it
 */
function rejectedWithFrames(error) {
  /** @type {(error: Error) => void} */
  let fail = () => {};
  /** @type {Promise<never>} */
  const given = new Promise((_resolve, reject) => (fail = reject));
  // When the promise that is resolved with this one has attached itself.
  queueMicrotask(() => fail(error));
  return given.catch(capture);
}

/** @param {Error} error @returns {never} */
function capture(error) {
  if (!isBare(error)) throw error; // a call that depends on this one may have had it before
  Error.captureStackTrace(error, capture);
  if (kits > 0) addCalleeFrames(error);
  throw error;
}

/** @param {any} error */
function addCalleeFrames(error) {
  const head = `${error.name}: ${error.message}`;
  const frames = `${originOf(error)?.stack ?? ''}`
    .split('\n')
    .filter((line) => /^\s+at /.test(line) && !line.includes(kOwn));
  if (frames.length === 0 || !error.stack.startsWith(head)) return;
  error.stack = `${head}\n${frames.join('\n')}${error.stack.slice(head.length)}`;
}

module.exports = { isBare, rejectedWithFrames, showCalleeFrames };
