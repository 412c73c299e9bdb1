'use strict';
// Exchanges: HTTP requests of the network on their way to the Worker, and its responses back (spec S9.5, S6.2).

const { turnFlag } = require('../constants');
const {
  NativeBody,
  abortRequest,
  checkUpgrade,
  requestFromWire,
  responseParts,
} = require('../web/internal');
const { HandleTable } = require('../handle-table');
const { reportError } = require('../report-error');
const { Invocation } = require('../workers/invocation');
const { applyForwarded } = require('./forwarded');
const { pumpBody } = require('./pump-body');
const { fromUtf8, lengthIn, urlOf } = require('./wire-text');

/**
 * One request under way.
 * @typedef {object} Exchange
 * @property {number} handle
 * @property {InstanceType<typeof NativeBody> | undefined} body that still arrives
 * @property {(() => void) | undefined} onWritable the pump waits for room
 * @property {number} unsent bytes of the streamed response that did not leave
 * @property {boolean} gone the peer is gone, or everything was written
 * @property {boolean} [isOver] its answer has been made, all of it, or has failed: nobody hears any more that the peer goes
 * @property {(() => void) | undefined} onGone
 * @property {any} request once it was made
 * @property {Invocation} invocation
 * @property {boolean} isHeld the invocation has to write the rest of the answer
 * @property {((status: number) => void) | undefined} log called once, with the status
 */

class Exchanges {
  #shard;
  #worker;
  /** @type {HandleTable<Exchange>} */
  #open = new HandleTable();
  #trustedProxies;
  #development;

  /**
   * @param {import('../shard').Shard} shard
   * @param {import('../workers/worker').Worker} worker
   * @param {number} trustedProxies how many proxies in front are believed
   * @param {import('./development').Development} [development]
   */
  constructor(shard, worker, trustedProxies, development) {
    this.#shard = shard;
    this.#worker = worker;
    this.#trustedProxies = trustedProxies;
    this.#development = development;
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
    let headersText = text.slice(from, (from += words[at + 8]));
    let secure = (flags & turnFlag.secure) !== 0;
    if ((flags & turnFlag.utf8) !== 0) {
      [target, host, headersText] = [target, host, headersText].map(fromUtf8);
    }
    if (this.#trustedProxies > 0) {
      const remoteAddress = text.slice(from, from + words[at + 9]);
      const origin = { secure, host, headersText };
      ({ secure, host, headersText } = applyForwarded(this.#trustedProxies, remoteAddress, origin));
    }
    /** @type {Exchange} */
    const exchange = {
      handle,
      body: undefined,
      onWritable: undefined,
      unsent: 0,
      gone: false,
      onGone: undefined,
      request: undefined,
      invocation: new Invocation(this.#worker, 'request'),
      isHeld: true,
      log: this.#development?.begin(method, target),
    };
    this.#open.add(exchange);
    if ((flags & turnFlag.complete) === 0) {
      exchange.body = new NativeBody((bytes) => {
        this.#shard.native.readMore(handle, bytes);
        this.#shard.touch();
      }, lengthIn(headersText));
    }
    this.#shard.keepAlive();
    exchange.invocation.begin();
    const empty = (flags & turnFlag.framed) !== 0 ? new Uint8Array(0) : null;
    const body = exchange.body ?? inline ?? empty;
    try {
      exchange.request = requestFromWire({
        method,
        url: urlOf(target, host, secure),
        headersText,
        body,
      });
    } catch (error) {
      this.#fail(exchange, error);
      return;
    }
    const problem = this.#development?.problemResponse(exchange.request);
    if (problem !== undefined) {
      this.#respond(exchange, problem);
      return;
    }
    const routed = this.#development?.route(exchange.request, this.#worker);
    if (routed !== undefined) {
      routed.then(
        (response) => this.#respond(exchange, response),
        (error) => this.#fail(exchange, error),
      );
      return;
    }
    this.#worker.serve(
      exchange.request,
      exchange.invocation,
      (response) => this.#respond(exchange, response),
      (error) => this.#fail(exchange, error),
    );
  }

  /** S9.1.4, S1.9.1; as workerd, also when the error is marked overloaded. @param {Exchange} exchange @param {any} error */
  #fail(exchange, error) {
    reportError(error);
    const { headersText = '', body = 'Internal Server Error' } =
      this.#development?.failure(error, exchange.request) ?? {};
    this.#shard.native.respond(exchange.handle, 500, headersText, body, true);
    exchange.log?.(500);
    letGo(exchange);
    this.#shard.touch();
  }

  /** @param {Exchange} exchange @param {any} response */
  #respond(exchange, response) {
    try {
      const parts = responseParts(response, exchange.request);
      const { status, statusText, headersText, body, webSocket } = parts;
      const isUsual = statusText === '' || (status === 200 && statusText === 'OK');
      const reason = isUsual ? undefined : statusText;
      const { native } = this.#shard;
      if (webSocket) {
        checkUpgrade(exchange.request);
        this.#shard.sockets.upgrade(exchange.handle, webSocket, headersText);
        letGo(exchange);
      } else if (body === null || typeof body === 'string' || body instanceof Uint8Array) {
        native.respond(exchange.handle, status, headersText, body, true, reason);
        letGo(exchange);
      } else {
        native.respond(exchange.handle, status, headersText, null, false, reason);
        this.#pump(exchange, body);
      }
      exchange.log?.(status);
    } catch (error) {
      this.#fail(exchange, error);
      return;
    }
    this.#shard.touch();
  }

  /** @param {Exchange} exchange @param {ReadableStream} body */
  #pump(exchange, body) {
    const shard = this.#shard;
    const { native } = shard;
    const { handle } = exchange;
    pumpBody(exchange, body, {
      write: (chunk) => {
        native.respondBody(handle, chunk, false);
        shard.touch();
      },
      end: () => {
        native.respondBody(handle, null, true);
        shard.touch();
      },
      fail: () => {
        native.abortResponse(handle);
        shard.touch();
      },
    });
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

  /** @param {number} handle @param {boolean} complete false: the peer went away */
  done(handle, complete) {
    const exchange = this.#open.get(handle);
    if (exchange === undefined) return;
    this.#open.delete(handle);
    exchange.gone = true;
    exchange.body?.push(undefined, true, true);
    exchange.onGone?.();
    const { invocation, request } = exchange;
    if (
      !complete &&
      !exchange.isOver &&
      request !== undefined &&
      invocation.flags.enable_request_signal
    )
      invocation.run(() => abortRequest(request));
    letGo(exchange);
    this.#shard.letGo();
  }
}

/** Its answer is complete, or nobody takes the rest. @param {Exchange} exchange */
function letGo(exchange) {
  if (!exchange.isHeld) return;
  exchange.isHeld = false;
  exchange.invocation.done();
}

module.exports = { Exchanges };
