'use strict';
// Who may use what (spec S2.10.2): what one request or object has got cannot be used by the code of another, whose writes and gates are
// not those that it would wait for.

/**
 * Code of no known place may use everything: a library that loses its context is not to blame.
 * @param {object | undefined} owner
 * @param {import('./target').Context | undefined} user
 * @param {string} type as workerd names it
 * @returns {Error | undefined} why not
 */
function contextError(owner, user, type) {
  if (owner === user || owner === undefined || user === undefined) return undefined;
  return new Error(`${user.isObject ? kOtherObject : kOtherRequest} (I/O type: ${type})`);
}

/**
 * As contextError(), which it throws.
 * @param {object | undefined} owner
 * @param {import('./target').Context | undefined} user
 * @param {string} type
 */
function checkContext(owner, user, type) {
  const error = contextError(owner, user, type);
  if (error !== undefined) throw error;
}

/** Whose a stub of an object or a Worker is that code has made or got; those of env and ctx.exports are everybody's. @type {WeakMap<object, object>} */
const owners = new WeakMap();

/** @template {object} T @param {object | undefined} owner @param {T} stub @returns {T} */
function ownedBy(owner, stub) {
  if (owner !== undefined) owners.set(stub, owner);
  return stub;
}

/**
 * As contextError(), of a stub that ownedBy() has seen.
 * @param {object} stub
 * @param {import('./target').Context | undefined} user
 * @param {string} type
 */
const stubError = (stub, user, type) => contextError(owners.get(stub), user, type);

/**
 * As stubError(), which it throws.
 * @param {object} stub
 * @param {import('./target').Context | undefined} user
 * @param {string} type
 */
const checkStub = (stub, user, type) => checkContext(owners.get(stub), user, type);

const kLimitation =
  'This is a limitation of Cloudflare Workers which allows us to improve overall performance.';
const kOtherObject = `Cannot perform I/O on behalf of a different Durable Object. I/O objects (such as streams, request/response bodies, and others) created in the context of one Durable Object cannot be accessed from a different Durable Object in the same isolate. ${kLimitation}`;
const kOtherRequest = `Cannot perform I/O on behalf of a different request. I/O objects (such as streams, request/response bodies, and others) created in the context of one request handler cannot be accessed from a different request's handler. ${kLimitation}`;

/** As workerd names what is inside a stub of a Worker, or of an object that came over RPC. */
const kChannel = 'SubrequestChannel';

module.exports = { checkContext, checkStub, contextError, kChannel, ownedBy, stubError };
