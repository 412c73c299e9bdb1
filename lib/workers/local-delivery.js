'use strict';
// deliverTo: a request of this process to a Worker's fetch handler. The invocation lasts until the body of the response has ended, or
// nobody wants the rest.

const { responseForDelivery } = require('../web/internal');

/** @typedef {import('./invocation').Invocation} Invocation */

/**
 * The body of a Worker's response ends with nothing, and no gate holds it.
 * @param {Invocation} invocation which writes it
 * @param {() => void} onCancel
 * @returns {import('../web/streams/tied-stream').BodyWriter}
 */
const writerIn = (invocation, onCancel) => ({
  tie() {
    invocation.begin();
    return () => invocation.done();
  },
  enter: (run) => run(),
  onCancel,
});

/**
 * @param {Invocation} invocation new
 * @param {any} request
 * @param {() => any} answer a Response, or a promise of one
 * @param {{redirected?: boolean, onCancel?: () => void}} [options] `onCancel`: the caller does not want the rest of the body
 * @returns {Promise<any>} the caller's Response; rejects with what `answer` throws
 */
async function deliverTo(
  invocation,
  request,
  answer,
  { redirected = false, onCancel = () => {} } = {},
) {
  invocation.begin();
  try {
    return responseForDelivery(await answer(), request, redirected, writerIn(invocation, onCancel));
  } finally {
    invocation.unwatch();
    invocation.done();
  }
}

module.exports = { deliverTo };
