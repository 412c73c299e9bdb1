// connect: `new WebSocket(url, protocols)` (S6.8): checks the arguments, starts the handshake, reports how it ends.
'use strict';

const { dial } = require('./outgoing-socket.js');
const { settings } = require('../settings.js');

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const FAILED = 'Failed to establish websocket connection';

/** @param {string} text */
function syntaxError(text) {
  return new DOMException(`WebSocket Constructor: ${text}`, 'SyntaxError');
}

/** @param {string} text @returns {URL} Without credentials. */
function checkUrl(text) {
  if (!URL.canParse(text)) throw syntaxError('The url is invalid.');
  const url = new URL(text);
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:') {
    throw syntaxError('The url scheme must be ws or wss.');
  }
  if (url.hash !== '') throw syntaxError('The url fragment must be empty.');
  url.username = url.password = '';
  return url;
}

/** @param {any} input @returns {string[]} */
function checkProtocols(input) {
  if (input === undefined || input === null) return [];
  if (!Array.isArray(input)) {
    if (!TOKEN.test(`${input}`)) throw syntaxError('The protocol header token is invalid.');
    return [`${input}`];
  }
  const protocols = input.map((token) => `${token}`);
  if (!protocols.every((token) => TOKEN.test(token))) {
    throw syntaxError('One of the protocol header tokens is invalid.');
  }
  if (new Set(protocols.map((token) => token.toLowerCase())).size !== protocols.length) {
    throw syntaxError('The protocols header cannot have repeating values.');
  }
  return protocols;
}

/**
 * @param {import('./socket-end.js').SocketEnd} end New; becomes a client socket.
 * @param {any} url
 * @param {any} protocols
 */
function connect(end, url, protocols) {
  const given = `${url}`;
  const target = checkUrl(given).href;
  const tokens = checkProtocols(protocols);
  end.stage = 'client';
  end.connecting = true;
  end.url = given;
  end.start(settings.deliverHere(end, true));
  /** @param {unknown} error */
  const fail = (error) => end.receive({ kind: 'error', error, reason: FAILED });
  let cancelled = false;
  end.port = {
    send() {},
    close() {},
    terminate() {
      cancelled = true;
      fail(new Error('Network connection lost.'));
    },
  };
  Promise.resolve(settings.holdOutput())
    .then(() => (cancelled ? undefined : handshake(end, target, tokens)))
    .catch(fail);
}

/**
 * @param {import('./socket-end.js').SocketEnd} end
 * @param {string} url
 * @param {string[]} protocols
 */
async function handshake(end, url, protocols) {
  const connecting = /** @type {import('./socket-end.js').Port} */ (end.port);
  const { cancel, answered } = dial(end, url, {
    protocols,
    onOpen: ({ protocol, extensions }) => {
      end.protocol = protocol || null;
      end.extensions = extensions || null;
      end.receive({ kind: 'open' });
    },
  });
  end.port = {
    ...connecting,
    terminate() {
      connecting.terminate();
      cancel();
    },
  };
  const { statusCode } = await answered;
  if (statusCode === 101) return;
  cancel();
  throw new TypeError(
    'Failed to establish the WebSocket connection: expected server to reply with HTTP status code 101 ' +
      `(switching protocols), but received ${statusCode} instead.`,
  );
}

module.exports = { connect };
