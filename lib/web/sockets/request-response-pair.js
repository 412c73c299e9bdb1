// WebSocketRequestResponsePair: what setWebSocketAutoResponse() takes (S6.13).
'use strict';

const { constructorError } = require('../errors.js');
const { defineInterface } = require('../interface.js');

class WebSocketRequestResponsePair {
  #request;
  #response;

  /** @param {string} request @param {string} response */
  constructor(request, response) {
    for (const [i, value] of [request, response].entries()) {
      if (value === undefined)
        throw constructorError('WebSocketRequestResponsePair', i + 1, 'string');
    }
    this.#request = `${request}`;
    this.#response = `${response}`;
  }

  /** @returns {string} */
  get request() {
    return this.#request;
  }

  /** @returns {string} */
  get response() {
    return this.#response;
  }
}

defineInterface(WebSocketRequestResponsePair);

module.exports = { WebSocketRequestResponsePair };
