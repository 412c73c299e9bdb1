// EventSource: server-sent events (S9.2), from a URL or, as Workers adds, from a stream.
//
// Happy path: fetch, `open`, a MessageEvent for each message. When the server ends the stream it is asked again, with the last id, after the
// time it named. Ways it fails: another status or content type, a fetch that rejects, a listener that throws: `error`, and it is closed.
'use strict';

const { EventStreamParser } = require('./event-stream.js');
const { constructorError } = require('../errors.js');
const { ErrorEvent, MessageEvent } = require('./events.js');
const { fetch } = require('../fetch/fetch.js');
const { defineInterface } = require('../interface.js');
const { settings } = require('../settings.js');
const { SocketEventTarget, didThrow } = require('../sockets/socket-event-target.js');

const STATES = { CONNECTING: 0, OPEN: 1, CLOSED: 2 };
const RETRY_MS = 2000;
const RETRY_MS_MIN = 1000;
const RETRY_MS_MAX = 10_000;
const kFrom = Symbol('from');
const EVENT_STREAM = /^\s*text\/event-stream\s*(;|$)/i;

/** @param {string} message @param {string} name */
const domError = (message, name) => new DOMException(message, name);

/** @param {any} url @returns {string} */
function checkUrl(url) {
  const text = `${url}`;
  if (URL.canParse(text)) return new URL(text).href;
  throw domError(`Cannot open an EventSource to '${text}'. The URL is invalid.`, 'SyntaxError');
}

class EventSource extends SocketEventTarget {
  #url = '';
  /** @type {{fetch: typeof fetch}} */
  #fetcher = { fetch };
  #state = STATES.CONNECTING;
  #parser = new EventStreamParser();
  #abort = new AbortController();
  #hadNoBody = false;
  /** It goes with the code that made it. */
  #untie = settings.tie(() => this.close());
  /** @type {Record<string, unknown>} */
  #handlers = { open: null, message: null, error: null };

  /** @param {any} url @param {any} [init] `fetcher`: who is asked, by default the network */
  constructor(url, init) {
    super();
    if (url === kFrom) return;
    if (url === undefined) throw constructorError('EventSource', 1, 'string');
    if (init?.withCredentials) {
      throw domError(
        'The init.withCredentials option is not supported. It must be false or undefined.',
        'NotSupportedError',
      );
    }
    this.#url = checkUrl(url);
    if (init?.fetcher) this.#fetcher = init.fetcher;
    this.#connect();
  }

  /** @param {any} stream of bytes, not read from yet; when it ends, so does the EventSource */
  static from(stream) {
    if (!(stream instanceof ReadableStream)) {
      throw new TypeError(
        "Failed to execute 'from' on 'EventSource': parameter 1 is not of type 'JsReadableStream'.",
      );
    }
    if (stream.locked) throw new TypeError('This ReadableStream is locked.');
    const source = new EventSource(kFrom);
    source.#read(stream, 'once');
    return source;
  }

  get url() {
    return this.#url;
  }

  get withCredentials() {
    return false;
  }

  get readyState() {
    return this.#state;
  }

  close() {
    this.#state = STATES.CLOSED;
    this.#abort.abort();
    this.#untie?.();
  }

  get onopen() {
    return this.#handlers.open;
  }

  set onopen(handler) {
    this.#handlers.open = handler;
  }

  get onmessage() {
    return this.#handlers.message;
  }

  set onmessage(handler) {
    this.#handlers.message = handler;
  }

  get onerror() {
    return this.#handlers.error;
  }

  set onerror(handler) {
    this.#handlers.error = handler;
  }

  async #connect() {
    this.#state = STATES.CONNECTING;
    this.#abort = new AbortController();
    const { lastId } = this.#parser;
    /** @type {Record<string, string>} */
    const headers = { accept: 'text/event-stream', 'cache-control': 'no-cache' };
    if (lastId !== '') headers['last-event-id'] = lastId;
    let response;
    try {
      response = await this.#fetcher.fetch(this.#url, { headers, signal: this.#abort.signal });
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (this.#state !== STATES.CLOSED) this.#accept(response);
  }

  /** @param {any} response */
  #accept(response) {
    const { body, ok, redirected, status, url } = response;
    const type = response.headers.get('content-type');
    if (!ok) this.#refuse(`The response status code was ${status}.`);
    else if (type === null) this.#refuse('No content type header was present in the response.');
    else if (!EVENT_STREAM.test(type)) this.#refuse(`The content type '${type}' is invalid.`);
    else if (body !== null) {
      if (redirected) this.#url = url;
      this.#read(body, 'again');
    } else if (this.#hadNoBody) this.#fail(new Error('The server provided no content.'));
    else {
      this.#hadNoBody = true;
      this.#lose(new Error('The server provided no content. Will try reconnecting.'));
    }
  }

  /** @param {string} message */
  #refuse(message) {
    this.#fail(domError(message, 'AbortError'));
  }

  /** @param {ReadableStream} stream @param {'once' | 'again'} mode what happens at its end */
  async #read(stream, mode) {
    const reader = stream.getReader();
    const { signal } = this.#abort;
    signal.addEventListener('abort', () => void reader.cancel(signal.reason).catch(() => {}));
    this.#state = STATES.OPEN;
    this.dispatchEvent(new Event('open'));
    const decoder = new TextDecoder();
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done || this.#isClosed()) break;
        const text = decoder.decode(value, { stream: true });
        for (const message of this.#parser.push(text)) this.#deliver(message);
      }
    } catch (error) {
      this.#fail(error);
      return;
    }
    const error = new Error('The server disconnected.');
    if (mode === 'again') this.#lose(error);
    else this.#fail(error);
  }

  #isClosed() {
    return this.#state === STATES.CLOSED;
  }

  /** @param {import('./event-stream.js').StreamedMessage} message */
  #deliver({ type, data, id }) {
    if (this.#isClosed()) return;
    const origin = this.#url === '' ? null : new URL(this.#url).origin;
    const event = new MessageEvent(type, { data, lastEventId: id, origin });
    this.dispatchEvent(event);
    if (didThrow(event)) this.#fail(new Error('A listener of the EventSource threw.'));
  }

  /** It is closed. @param {unknown} error */
  #fail(error) {
    if (this.#isClosed()) return;
    this.#state = STATES.CLOSED;
    this.#tell(error);
    this.#abort.abort();
    this.#untie?.();
  }

  /** The connection is gone; it comes back. @param {unknown} error */
  #lose(error) {
    if (this.#isClosed()) return;
    this.#state = STATES.CONNECTING;
    this.#tell(error);
    const ms = Math.min(Math.max(this.#parser.retryMs ?? RETRY_MS, RETRY_MS_MIN), RETRY_MS_MAX);
    const timer = settings.timers.setTimeout(() => {
      if (!this.#isClosed()) this.#connect();
    }, ms);
    const stop = () => settings.timers.clearTimeout(timer);
    this.#abort.signal.addEventListener('abort', stop, { once: true });
  }

  /** @param {any} error */
  #tell(error) {
    this.dispatchEvent(new ErrorEvent('error', { error }));
  }
}

for (const target of [EventSource, EventSource.prototype]) {
  for (const [name, value] of Object.entries(STATES))
    Object.defineProperty(target, name, { value, enumerable: true });
}
defineInterface(EventSource);

module.exports = { EventSource };
