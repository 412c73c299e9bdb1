'use strict';

/**
 * S2.10: what one request or object has got cannot be used by another. Code of no known place may use everything: a library that
 * loses its context is not to blame.
 * @param {object | undefined} owner
 * @param {object | undefined} user
 * @param {string} type as workerd names it
 */
function checkContext(owner, user, type) {
  if (owner === user || owner === undefined || user === undefined) return;
  throw new Error(
    `Cannot perform I/O on behalf of a different request. I/O objects (such as streams, request/response bodies, and others) created in the context of one request handler cannot be accessed from a different request's handler. This is a limitation of Cloudflare Workers which allows us to improve overall performance. (I/O type: ${type})`,
  );
}

module.exports = { checkContext };
