// The events of a Worker's global scope, as code in service-worker syntax gets them (S9.1.1, S9.2), and the scope they arrive at.
'use strict';

const { defineInterface } = require('./interface.js');

const kMake = Symbol('make');

/** @typedef {{waitUntil(promise: unknown): void, passThroughOnException(): void}} Context what an event may ask of its invocation */

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
    if (this.eventPhase === 0) {
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
    return event.#answer;
  }
}
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

class WorkerGlobalScope extends EventTarget {
  /** @param {symbol} key */
  constructor(key) {
    if (key !== kMake) throw new TypeError('Illegal constructor');
    super();
  }
}

class ServiceWorkerGlobalScope extends WorkerGlobalScope {}

for (const type of [ExtendableEvent, FetchEvent, ScheduledEvent, TailEvent]) defineInterface(type);
defineInterface(WorkerGlobalScope);
defineInterface(ServiceWorkerGlobalScope);

/** What listeners of one Worker's scope are registered at. */
const makeEventScope = () => new ServiceWorkerGlobalScope(kMake);

/** @param {Context} context @param {unknown} request */
const makeFetchEvent = (context, request) => new FetchEvent(kMake, context, request);

/** @param {Context} context @param {any} controller */
const makeScheduledEvent = (context, controller) => new ScheduledEvent(kMake, context, controller);

module.exports = {
  ExtendableEvent,
  FetchEvent,
  ScheduledEvent,
  ServiceWorkerGlobalScope,
  TailEvent,
  TraceEvent: TailEvent,
  WorkerGlobalScope,
  answerOf,
  makeEventScope,
  makeFetchEvent,
  makeScheduledEvent,
};
