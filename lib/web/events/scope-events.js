// The events of a Worker's global scope, as code in service-worker syntax gets them (S9.1.1, S9.2), and the scope they arrive at.
'use strict';

const { parameterError } = require('../errors.js');
const { defineInterface } = require('../interface.js');
const { isResponse } = require('../fetch/response.js');
const { SocketEventTarget } = require('../sockets/socket-event-target.js');

const kMake = Symbol('make');

/** @typedef {{waitUntil(promise: unknown): void, passThroughOnException(): void}} Context what an event may ask of its invocation */

/** @param {any} value */
const isPromise = (value) => typeof value?.then === 'function';

class ExtendableEvent extends Event {
  #context;

  /** @param {symbol} key @param {string} type @param {Context} context */
  constructor(key, type, context) {
    if (key !== kMake) throw new TypeError('Illegal constructor');
    super(type);
    this.#context = context;
  }

  /** @param {unknown} promise the event goes on until it has settled */
  waitUntil(promise) {
    if (promise === undefined) throw parameterError('waitUntil', 'ExtendableEvent', 1, 'Promise');
    this.#context.waitUntil(promise);
  }

  /** @param {ExtendableEvent} event */
  static context(event) {
    return event.#context;
  }
}
const contextOf = ExtendableEvent.context;
Reflect.deleteProperty(ExtendableEvent, 'context');

class FetchEvent extends ExtendableEvent {
  #request;
  /** @type {Promise<unknown> | undefined} */
  #answer;
  #isOver = false;

  /** @param {symbol} key @param {Context} context @param {unknown} request */
  constructor(key, context, request) {
    super(key, 'fetch', context);
    this.#request = request;
  }

  get request() {
    return this.#request;
  }

  /** @param {unknown} response a Response or a promise of one; only while the event is dispatched */
  respondWith(response) {
    if (!isPromise(response) && !isResponse(response))
      throw parameterError('respondWith', 'FetchEvent', 1, 'Promise');
    if (this.#isOver) {
      throw new DOMException(
        'Too late to call FetchEvent.respondWith(). It must be called synchronously in the event handler.',
        'InvalidStateError',
      );
    }
    if (this.#answer !== undefined) {
      throw new DOMException(
        'FetchEvent.respondWith() has already been called; it can only be called once.',
        'InvalidStateError',
      );
    }
    this.#answer = Promise.resolve(response);
    this.#answer.catch(() => {});
    this.stopImmediatePropagation();
  }

  passThroughOnException() {
    contextOf(this).passThroughOnException();
  }

  /** @param {FetchEvent} event */
  static answer(event) {
    event.#isOver = true;
    return event.#answer;
  }
}
/** What it was answered with; from now on it is too late. */
const answerOf = FetchEvent.answer;
Reflect.deleteProperty(FetchEvent, 'answer');

class ScheduledEvent extends ExtendableEvent {
  #controller;

  /** @param {symbol} key @param {Context} context @param {{scheduledTime: number, cron: string, noRetry(): void}} controller */
  constructor(key, context, controller) {
    super(key, 'scheduled', context);
    this.#controller = controller;
  }

  get scheduledTime() {
    return this.#controller.scheduledTime;
  }

  get cron() {
    return this.#controller.cron;
  }

  noRetry() {
    this.#controller.noRetry();
  }
}

/** Only named: nothing sends traces here. */
class TailEvent extends ExtendableEvent {}

class QueueEvent extends ExtendableEvent {
  #batch;

  /** @param {symbol} key @param {Context} context @param {any} batch */
  constructor(key, context, batch) {
    super(key, 'queue', context);
    this.#batch = batch;
  }

  get queue() {
    return this.#batch.queue;
  }

  get messages() {
    return this.#batch.messages;
  }

  get metadata() {
    return this.#batch.metadata;
  }

  ackAll() {
    this.#batch.ackAll();
  }

  /** @param {{delaySeconds?: number}} [options] */
  retryAll(options) {
    this.#batch.retryAll(options);
  }
}

class WorkerGlobalScope extends SocketEventTarget {
  /** @param {symbol} key */
  constructor(key) {
    if (key !== kMake) throw new TypeError('Illegal constructor');
    super();
  }
}

class ServiceWorkerGlobalScope extends WorkerGlobalScope {
  #onListen;
  /** @type {Set<string>} types that were listened to */
  #types = new Set();

  /** @param {symbol} key @param {(type: string) => void} [onListen] at the first listener of a type */
  constructor(key, onListen) {
    super(key);
    this.#onListen = onListen;
  }

  /** @param {string} type @param {any} listener @param {any} [options] */
  addEventListener(type, listener, options) {
    super.addEventListener(type, listener, options);
    if (this.#types.has(`${type}`)) return;
    this.#types.add(`${type}`);
    this.#onListen?.(`${type}`);
  }

  /** @param {ServiceWorkerGlobalScope} scope @param {string} type */
  static listensTo(scope, type) {
    return scope.#types.has(type);
  }
}
const { listensTo } = ServiceWorkerGlobalScope;
Reflect.deleteProperty(ServiceWorkerGlobalScope, 'listensTo');

for (const type of [ExtendableEvent, FetchEvent, ScheduledEvent, QueueEvent, TailEvent])
  defineInterface(type);
defineInterface(WorkerGlobalScope);
defineInterface(ServiceWorkerGlobalScope);

/**
 * What listeners of one Worker's scope are registered at.
 * @param {(type: string) => void} [onListen] at the first listener of a type
 */
const makeEventScope = (onListen) => new ServiceWorkerGlobalScope(kMake, onListen);

/** @param {Context} context @param {unknown} request */
const makeFetchEvent = (context, request) => new FetchEvent(kMake, context, request);

/** @param {Context} context @param {any} controller */
const makeScheduledEvent = (context, controller) => new ScheduledEvent(kMake, context, controller);

/** @param {Context} context @param {any} batch */
const makeQueueEvent = (context, batch) => new QueueEvent(kMake, context, batch);

module.exports = {
  ExtendableEvent,
  FetchEvent,
  ScheduledEvent,
  ServiceWorkerGlobalScope,
  TailEvent,
  TraceEvent: TailEvent,
  WorkerGlobalScope,
  answerOf,
  listensTo,
  makeEventScope,
  makeFetchEvent,
  makeQueueEvent,
  makeScheduledEvent,
};
