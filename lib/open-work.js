'use strict';
// openWork: what has been started and is not over, for whoever wants to know: a test that leaves something behind is told where it was
// started (lib/testing/kit/pending.js). Nobody asks in production: then each place costs a look at one property.

/**
 * @typedef {object} Work
 * @property {() => void} end it is over
 * @property {Promise<unknown>} [promise] what its starter waits for
 */

/** @type {{begin: ((what: string) => Work) | undefined}} */
const openWork = { begin: undefined };

/** What goes on outside of JavaScript and ends by itself, soon: Node's pool of threads. Counted while somebody asks for open work. */
const outside = { count: 0 };

/** @template T @param {Promise<T>} promise of such work @returns {Promise<T>} */
function outsideWork(promise) {
  if (openWork.begin === undefined) return promise;
  outside.count += 1;
  return promise.finally(() => {
    outside.count -= 1;
  });
}

/**
 * A promise that is open work until it is settled, or `drop` says that it never will be; nobody asks where `drop` is undefined.
 * @template T
 * @param {string} what
 * @param {(resolve: (value: T) => void, reject: (error: unknown) => void, drop?: () => void) => void} executor
 * @returns {Promise<T>}
 */
function openPromise(what, executor) {
  const work = openWork.begin?.(what);
  if (work === undefined) return new Promise(executor);
  const promise = new Promise((resolve, reject) => {
    executor(
      (value) => {
        work.end();
        resolve(value);
      },
      (error) => {
        work.end();
        reject(error);
      },
      () => work.end(),
    );
  });
  work.promise = promise;
  return promise;
}

module.exports = { openPromise, openWork, outside, outsideWork };
