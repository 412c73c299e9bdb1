'use strict';
// Exchanges: HTTP requests of the network on their way to the Worker, and its responses back (spec S9.5, S6.2).

const { turnFlag } = require('../constants');
const { requestFromWire, responseParts, checkUpgrade, NativeBody } = require('../web/internal');
const { reportError } = require('../report-error');
const { Invocation } = require('../workers/invocation');
const { pumpBody } = require('./pump-body');

/**
 * One request under way.
 * @typedef {object} Exchange
 * @property {number} handle
 * @property {InstanceType<typeof NativeBody> | undefined} body that still arrives
 * @property {(() => void) | undefined} onWritable the pump waits for room
 * @property {number} unsent bytes of the streamed response that did not leave
 * @property {boolean} gone the peer is gone, or everything was written
 * @property {(() => void) | undefined} onGone
 * @property {Invocation} invocation
 */

class Exchanges {
  #shard;
  #worker;
  /** @type {Map<number, Exchange>} */
  #open = new Map();
  #origin = 'http://localhost';

  /** @param {import('../shard').Shard} shard @param {import('../workers/worker').Worker} worker */
  constructor(shard, worker) {
    this.#shard = shard;
    this.#worker = worker;
  }

  /** Requests that come from now on are for this Worker. @param {import('../workers/worker').Worker} worker */
  serveWith(worker) {
    this.#worker = worker;
  }

  /** @param {number} handle @param {Uint32Array} words @param {number} at @param {string} text @param {Uint8Array | undefined} inline */
  request(handle, words, at, text, inline) {
    const flags = words[at];
    let from = words[at + 4];
    const method = text.slice(from, (from += words[at + 5]));
    let target = text.slice(from, (from += words[at + 6]));
    let host = text.slice(from, (from += words[at + 7]));
    let headersText = text.slice(from, from + words[at + 8]);
    if ((flags & turnFlag.utf8) !== 0) {
      [target, host, headersText] = [target, host, headersText].map(fromUtf8);
    }
    /** @type {Exchange} */
    const exchange = {
      handle,
      body: undefined,
      onWritable: undefined,
      unsent: 0,
      gone: false,
      onGone: undefined,
      invocation: new Invocation(this.#worker, 'request'),
    };
    this.#open.set(handle, exchange);
    if ((flags & turnFlag.complete) === 0) {
      exchange.body = new NativeBody((bytes) => {
        this.#shard.native.readMore(handle, bytes);
        this.#shard.touch();
      });
    }
    this.#serve(exchange, () =>
      requestFromWire({
        method,
        url: this.#url(target, host),
        headersText,
        body: exchange.body ?? inline ?? null,
      }),
    );
  }

  /** RFC 9112, 3.2: origin-form, absolute-form, asterisk-form. @param {string} target @param {string} host */
  #url(target, host) {
    if (target.startsWith('/'))
      return host === '' ? this.#origin + target : `http://${host}${target}`;
    return target === '*' ? `http://${host}/` : target;
  }

  /** @param {Exchange} exchange @param {() => any} makeRequest */
  #serve(exchange, makeRequest) {
    this.#shard.keepAlive();
    exchange.invocation.begin();
    let request;
    let response;
    try {
      request = makeRequest();
      response = this.#worker.fetch(request, undefined, undefined, exchange.invocation);
    } catch (error) {
      this.#fail(exchange, error);
      return;
    }
    if (typeof response.then === 'function') {
      response.then(
        (/** @type {any} */ value) => this.#respond(exchange, request, value),
        (/** @type {unknown} */ error) => this.#fail(exchange, error),
      );
    } else {
      this.#respond(exchange, request, response);
    }
  }

  /** S9.1.4, S1.9.1; as workerd, also when the error is marked overloaded. @param {Exchange} exchange @param {any} error */
  #fail(exchange, error) {
    reportError(error);
    this.#shard.native.respond(exchange.handle, 500, '', 'Internal Server Error', true);
    this.#shard.touch();
  }

  /** @param {Exchange} exchange @param {any} request @param {any} response */
  #respond(exchange, request, response) {
    try {
      const { status, statusText, headersText, body, webSocket } = responseParts(response);
      const reason = statusText === '' ? undefined : statusText;
      const { native } = this.#shard;
      if (webSocket) {
        checkUpgrade(request);
        this.#shard.sockets.upgrade(exchange.handle, webSocket, headersText);
      } else if (body === null || typeof body === 'string' || body instanceof Uint8Array) {
        native.respond(exchange.handle, status, headersText, body, true, reason);
      } else {
        native.respond(exchange.handle, status, headersText, null, false, reason);
        pumpBody(this.#shard, exchange, body);
      }
    } catch (error) {
      this.#fail(exchange, error);
      return;
    }
    this.#shard.touch();
  }

  /** @param {number} handle @param {Uint8Array | undefined} chunk @param {boolean} last @param {boolean} failed */
  body(handle, chunk, last, failed) {
    this.#open.get(handle)?.body?.push(chunk, last, failed);
  }

  /** @param {number} handle @param {number} bytes */
  writable(handle, bytes) {
    const exchange = this.#open.get(handle);
    if (exchange === undefined) return;
    exchange.unsent = Math.max(0, exchange.unsent - bytes);
    exchange.onWritable?.();
  }

  /** @param {number} handle @param {boolean} _complete */
  done(handle, _complete) {
    const exchange = this.#open.get(handle);
    if (exchange === undefined) return;
    this.#open.delete(handle);
    exchange.gone = true;
    exchange.body?.push(undefined, true, true);
    exchange.onGone?.();
    exchange.invocation.done();
    this.#shard.letGo();
  }
}

/** @param {string} bytes one character each; those that are not UTF-8 become U+FFFD */
function fromUtf8(bytes) {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

module.exports = { Exchanges };
