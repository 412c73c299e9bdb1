'use strict';
// eventHandlers: the handlers of a Worker in Service Worker syntax (spec S9.1.1): each event of the Worker is one of its global scope.

const {
  answerOf,
  makeFetchEvent,
  makeQueueEvent,
  makeScheduledEvent,
} = require('../web/events/scope-events');
const { fetch } = require('../web/fetch/fetch');
const { throwing } = require('../web/sockets/socket-event-target');

/**
 * @param {EventTarget} scope where the listeners are
 * @returns {Record<string, Function>} like a default export
 */
function eventHandlers(scope) {
  const dispatch = (/** @type {Event} */ event) =>
    throwing(event, () => scope.dispatchEvent(event));
  return {
    /** Without an answer the request goes on to where it was sent. @param {any} request @param {any} _env @param {any} ctx */
    fetch(request, _env, ctx) {
      const event = makeFetchEvent(ctx, request);
      dispatch(event);
      return answerOf(event) ?? fetch(request);
    },
    /** @param {any} controller @param {any} _env @param {any} ctx */
    scheduled(controller, _env, ctx) {
      dispatch(makeScheduledEvent(ctx, controller));
    },
    /** @param {any} batch @param {any} _env @param {any} ctx */
    queue(batch, _env, ctx) {
      dispatch(makeQueueEvent(ctx, batch));
    },
  };
}

module.exports = { eventHandlers };
