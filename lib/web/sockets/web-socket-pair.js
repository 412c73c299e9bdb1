// WebSocketPair: two connected WebSockets in one process (S6.1).
'use strict';

const { refuseInterface } = require('../../storage/refusals');
const { newOperatorError } = require('../errors.js');
const { LocalPort } = require('../tcp/local-port.js');
const { settings } = require('../settings.js');
const { SocketEnd } = require('./socket-end.js');
const { wrapEnd } = require('./web-socket.js');

/**
 * A function, not a class, for the text of a call without `new` (S6.1.1).
 * @this {any}
 */
function WebSocketPair() {
  if (!new.target) throw newOperatorError('WebSocketPair');
  const ends = [new SocketEnd(), new SocketEnd()];
  const owner = settings.context();
  ends.forEach((end, i) => {
    end.owner = owner;
    end.peer = ends[1 - i];
    end.port = new LocalPort(end);
    this[i] = wrapEnd(end);
  });
}

Object.defineProperty(WebSocketPair.prototype, Symbol.iterator, {
  value: function* () {
    yield this[0];
    yield this[1];
  },
  writable: true,
  configurable: true,
});
Object.defineProperty(WebSocketPair.prototype, Symbol.toStringTag, {
  value: 'WebSocketPair',
  configurable: true,
});

refuseInterface(WebSocketPair.prototype, 'WebSocketPair');

module.exports = { WebSocketPair };
