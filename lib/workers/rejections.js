'use strict';
// The events `unhandledrejection` and `rejectionhandled` of a Worker's global scope (spec S9.2): promises that its code, or that of its
// objects, leaves rejected.
//
// Node tells the process. It is listened to only once a Worker listens, so that a program whose Workers do not is left as it is; what
// is no Worker's then goes the way it would have gone.

const { current } = require('../current');
const { reportError } = require('../report-error');
const { makeRejectionEvent } = require('../web/events/events');
const { listensTo } = require('../web/events/scope-events');

const TYPES = ['unhandledrejection', 'rejectionhandled'];

/** Whose a rejected promise is. @type {WeakMap<Promise<unknown>, EventTarget>} */
const told = new WeakMap();

/** @returns {any} the global scope of the Worker whose code runs */
function currentScope() {
  const { context } = current;
  if (context === undefined) return undefined;
  return context.isObject ? context.namespace.worker.events : context.worker.events;
}

/** @param {unknown} reason @param {Promise<unknown>} promise */
function onUnhandled(reason, promise) {
  const scope = currentScope();
  const isOnly = process.listenerCount('unhandledRejection') === 1;
  if (scope && TYPES.some((type) => listensTo(scope, type))) {
    told.set(promise, scope);
    if (isOnly) reportError(reason);
    scope.dispatchEvent(makeRejectionEvent('unhandledrejection', promise, reason));
  } else if (isOnly) throw reason; // ends the process, as without this listener
}

/** @param {Promise<unknown>} promise */
function onHandled(promise) {
  told.get(promise)?.dispatchEvent(makeRejectionEvent('rejectionhandled', promise));
}

let isWatching = false;

/** A Worker listens to events of this type. @param {string} type */
function watchRejections(type) {
  if (isWatching || !TYPES.includes(type)) return;
  isWatching = true;
  process.on('unhandledRejection', onUnhandled);
  process.on('rejectionHandled', onHandled);
}

module.exports = { watchRejections };
