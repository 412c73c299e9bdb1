// Helpers of the socket tests.
'use strict';

const { WebSocketPair } = require('../../../../lib/web/sockets/web-socket-pair.js');

/** Two accepted ends. */
function pair(options) {
  const [a, b] = new WebSocketPair();
  a.accept(options);
  b.accept(options);
  return { a, b };
}

/** The next close event of a socket. */
function nextClose(ws) {
  return new Promise((resolve) => ws.addEventListener('close', resolve, { once: true }));
}

/** What a socket receives from now on: text, bytes as arrays, closes as objects, errors as messages. */
function recorded(ws) {
  const seen = [];
  ws.addEventListener('message', ({ data }) =>
    seen.push(typeof data === 'string' ? data : [...new Uint8Array(data)]),
  );
  ws.addEventListener('close', ({ code, reason, wasClean }) =>
    seen.push({ code, reason, wasClean }),
  );
  ws.addEventListener('error', ({ error }) => seen.push(String(error)));
  return seen;
}

/** A port that records what it is asked to do. */
function fakePort() {
  const calls = [];
  return {
    calls,
    send: (data) => calls.push(['send', typeof data === 'string' ? data : [...data]]),
    close: (code, reason) => calls.push(['close', code, reason]),
    terminate: () => calls.push(['terminate']),
  };
}

/** A sink that records the events of a hibernatable socket. */
function fakeSink() {
  const calls = [];
  return {
    calls,
    message: (ws, data) => calls.push(['message', data, ws.readyState, ws]),
    close: (ws, ...rest) => calls.push(['close', ...rest, ws.readyState]),
    error: (_ws, error) => calls.push(['error', error.message]),
    attachment: (_ws, bytes) => calls.push(['attachment', bytes.byteLength]),
  };
}

module.exports = { pair, nextClose, recorded, fakePort, fakeSink };
