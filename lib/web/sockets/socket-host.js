// What the runtime does with WebSockets that user code cannot (S6.2, S6.10): hands an end to the network, takes an end
// for hibernation, makes WebSocket objects anew, feeds what arrives, cuts.
//
// The functions named port* and link.* are called as an event of whatever owns the end: they run listeners and sinks
// before they return. An end that nobody accepted yet keeps what arrives.
'use strict';

const { LocalPort } = require('../tcp/local-port.js');
const { SocketEnd, forward } = require('./socket-end.js');
const { endOf, wrapEnd } = require('./web-socket.js');

/** @typedef {import('./web-socket.js').WebSocket} WebSocket */
/** @typedef {import('./socket-end.js').Port} Port */
/** @typedef {import('./socket-end.js').Sink} Sink */

/** Throws unless `ws` may be returned in a Response (S6.2.5). @param {WebSocket} ws */
function checkReturnable(ws) {
  const { stage, connecting } = endOf(ws);
  if (connecting) {
    throw new TypeError(
      "Can't return WebSocket in a Response if it was created with `new WebSocket()`",
    );
  }
  if (stage === 'returned') {
    throw new TypeError("Can't return WebSocket that was already used in a response.");
  }
  if (stage === 'standard' || stage === 'client') {
    throw new TypeError("Can't return WebSocket in a Response after calling accept().");
  }
  if (stage === 'hibernatable') {
    throw new TypeError("Can't return WebSocket in a Response after calling acceptWebSocket().");
  }
}

/**
 * A WebSocket returned in a Response inside this process (S6.2.4): the holder's object is used up, the receiver gets a new
 * one for the same connection.
 * @param {WebSocket} ws
 * @returns {WebSocket}
 */
function transferWebSocket(ws) {
  checkReturnable(ws);
  const old = endOf(ws);
  const end = new SocketEnd();
  const { url, protocol, extensions, attachment, inbox, peer, port } = old;
  Object.assign(end, { url, protocol, extensions, attachment, inbox, peer, port });
  end.wasPassedOn = old.wasDelivered;
  end.wasDelivered = true;
  if (peer !== null) peer.peer = end;
  if (port instanceof LocalPort) port.moveTo(end);
  // A connection of ours goes on feeding the old end.
  else
    old.onward = {
      send: feed(end, 'message'),
      close: feed(end, 'close'),
      terminate: feed(end, 'gone'),
    };
  old.stage = 'returned';
  old.inbox = [];
  old.peer = old.port = null;
  return wrapEnd(end);
}

/** @param {SocketEnd} end @param {'message' | 'close' | 'gone'} kind @returns {any} */
function feed(end, kind) {
  if (kind === 'message') return (/** @type {any} */ data) => end.receive({ kind, data });
  if (kind === 'gone') return () => end.receive({ kind });
  return (/** @type {number | undefined} */ code, /** @type {string} */ reason) =>
    end.receive({ kind, code: code ?? 1005, reason });
}

/**
 * @typedef {object} Link The network's side of a coupled socket: the other end of the pair, which now talks to the port, or an
 *   outgoing connection that is passed through.
 * @property {(data: string | Uint8Array) => void} message
 * @property {(code: number, reason: string) => void} peerClose The peer's Close frame; 1005: without a code.
 * @property {(end: import('./socket-end.js').ConnectionEnd) => void} closed The connection is over.
 */

/**
 * Hands `ws` to a network client: what its other end sends goes to `port` from now on; what was sent before goes first.
 * @param {WebSocket} ws From a Response; used up by this call. Throws the errors of S6.2.5.
 * @param {Port} port
 * @returns {Link}
 */
function couple(ws, port) {
  checkReturnable(ws);
  const end = endOf(ws);
  const { peer } = end;
  end.stage = 'returned';
  end.onward = port;
  for (const arrival of end.takeInbox()) forward(arrival, port);
  if (peer === null) return passThrough(end);
  if (peer.port instanceof LocalPort) {
    for (const arrival of peer.port.takeHeld()) forward(arrival, port);
  }
  peer.port = port;
  peer.peer = end.peer = null;
  return peer;
}

/** @param {SocketEnd} end An outgoing connection. @returns {Link} */
function passThrough(end) {
  end.port?.resume?.();
  return {
    message: (data) => end.port?.send(data),
    peerClose: (code, reason) => end.port?.close(code === 1005 ? undefined : code, reason),
    closed: ({ wasClean }) => {
      if (!wasClean) end.port?.terminate();
    },
  };
}

/** A message arrived for `ws`. @param {WebSocket} ws @param {string | Uint8Array} data */
function portMessage(ws, data) {
  endOf(ws).message(data);
}

/** The peer sent a Close frame. @param {WebSocket} ws @param {number} code 1005: none @param {string} reason */
function portPeerClose(ws, code, reason) {
  endOf(ws).peerClose(code, reason);
}

/**
 * The connection is over: both Close frames passed (`wasClean`; code and reason of the peer's), or it broke.
 * @param {WebSocket} ws @param {number} code @param {string} reason @param {boolean} wasClean
 */
function portClosed(ws, code, reason, wasClean) {
  endOf(ws).closed({ code, reason, wasClean, isFinished: false });
}

/** A transport error other than a vanished peer (S6.12.3). @param {WebSocket} ws @param {unknown} error */
function portError(ws, error) {
  endOf(ws).receiveNow({ kind: 'error', error });
}

/** Throws unless ctx.acceptWebSocket(ws) is allowed (S6.10.2). @param {WebSocket} ws */
function checkHibernatable(ws) {
  const { stage, peer, isReleased, connecting } = endOf(ws);
  if (connecting) {
    throw new TypeError(
      "Websockets obtained from the 'new WebSocket()' constructor cannot call acceptWebSocket",
    );
  }
  if (stage === 'returned') {
    throw new TypeError("Can't accept() WebSocket that was already used in a response.");
  }
  if (stage !== 'new' && !isReleased) {
    throw new Error(
      'Cannot call `acceptWebSocket()` if the WebSocket was already accepted via `accept()`',
    );
  }
  if (isReleased || (peer !== null && (peer.stage !== 'new' || peer.wasDelivered))) {
    throw new Error(
      'Cannot call `acceptWebSocket()` on this WebSocket because its pair has already been accepted or used in a Response.',
    );
  }
}

/**
 * ctx.acceptWebSocket: events go to `sink` from now on. Check with checkHibernatable() first; this does it again.
 * @param {WebSocket} ws
 * @param {Sink} sink
 * @param {import('../settings.js').Deliver} deliver For what comes from an end in this process: runs it as an event of
 *   the actor, which may have to wake.
 */
function prepareHibernation(ws, sink, deliver) {
  checkHibernatable(ws);
  const end = endOf(ws);
  end.stage = 'hibernatable';
  end.sink = sink;
  end.start(deliver);
}

/**
 * Forgets the JavaScript object of a hibernatable socket; its next event (or wakeWebSocket) makes a new one. For sockets
 * whose other end lives in this process; a native socket needs nothing kept.
 * @param {WebSocket} ws
 * @returns {SocketEnd} What to keep, for wakeWebSocket().
 */
function sleepWebSocket(ws) {
  const end = endOf(ws);
  if (end.face === ws) end.face = null;
  end.owner = undefined;
  return end;
}

/** @param {SocketEnd} end From sleepWebSocket(). @returns {WebSocket} */
function wakeWebSocket(end) {
  return end.ws;
}

/**
 * @typedef {object} HibernatedSocket
 * @property {Port} port
 * @property {Sink} sink
 * @property {number} readyState
 * @property {boolean} [closeSent] Which side closed first, when readyState is CLOSING (2): the object.
 * @property {string | null} [url]
 * @property {string} [protocol]
 * @property {string} [extensions]
 * @property {Uint8Array | null} [attachmentBytes]
 */

/** A WebSocket object for a socket that outlived its object (S6.11.6). @param {HibernatedSocket} parts @returns {WebSocket} */
function webSocketFromHibernation(parts) {
  const end = new SocketEnd();
  const { port, sink, readyState, url = null, protocol = '', extensions = '' } = parts;
  Object.assign(end, { stage: 'hibernatable', port, sink, url, protocol, extensions });
  end.attachment = parts.attachmentBytes ?? null;
  end.closeSent = readyState === 3 || (readyState === 2 && parts.closeSent === true);
  end.closeReceived = readyState === 3 || (readyState === 2 && parts.closeSent !== true);
  return wrapEnd(end);
}

/**
 * Cuts the connection (ctx.abort, a broken object, S6.15): the peer sees 1006, this end no event more.
 * @param {WebSocket} ws
 */
function killWebSocket(ws) {
  endOf(ws).cut();
}

/**
 * @param {WebSocket} ws
 * @returns {{stage: SocketEnd['stage'], readyState: number, closeSent: boolean, closeReceived: boolean,
 *   attachment: Uint8Array | null, peer: WebSocket | null}} `peer`: the other end when it is in this process.
 */
function socketState(ws) {
  const { stage, readyState, closeSent, closeReceived, attachment, peer } = endOf(ws);
  return { stage, readyState, closeSent, closeReceived, attachment, peer: peer?.ws ?? null };
}

module.exports = {
  checkReturnable,
  transferWebSocket,
  couple,
  portMessage,
  portPeerClose,
  portClosed,
  portError,
  checkHibernatable,
  prepareHibernation,
  sleepWebSocket,
  wakeWebSocket,
  webSocketFromHibernation,
  killWebSocket,
  socketState,
};
