'use strict';
// Tags of hibernatable sockets: what acceptWebSocket() takes for them, and why getTags() has none to give (spec S6.10, S6.11.3).

/** @param {unknown} tags @returns {string[]} */
function toTags(tags) {
  if (tags === undefined || tags === null) return [];
  if (typeof tags !== 'object' || !(Symbol.iterator in tags)) {
    throw new TypeError(
      "Failed to execute 'acceptWebSocket' on 'DurableObjectState': parameter 2 is not of type 'Array'.",
    );
  }
  return Array.from(/** @type {Iterable<unknown>} */ (tags), String);
}

/** @param {any} end a SocketEnd @returns {Error} why it has none */
function withoutTags(end) {
  const isOpenedClient = end.stage === 'client' && !end.connecting;
  if ((end.stage === 'standard' || isOpenedClient) && !end.isReleased) {
    return new Error('only hibernatable websockets can have tags.');
  }
  return new Error(
    "you must call 'acceptWebSocket()' before attempting to access the tags of a WebSocket.",
  );
}

module.exports = { toTags, withoutTags };
