'use strict';
// The arguments of other handlers: createScheduledController and createPagesEventContext (spec S10.2).

const { Request } = require('../../web/internal');
const { shareWaitUntil, TestExecutionContext } = require('./wait-until');

class TestScheduledController {
  /** @param {{scheduledTime?: Date | number, cron?: string}} options @param {() => number} now */
  constructor({ scheduledTime, cron }, now) {
    this.scheduledTime = Number(scheduledTime ?? now());
    this.cron = String(cron ?? '');
  }

  get [Symbol.toStringTag]() {
    return 'ScheduledController';
  }

  noRetry() {}
}

/** @param {any} options @param {() => number} now */
function createScheduledController(options, now) {
  if (options !== undefined && typeof options !== 'object')
    throw new TypeError(
      "Failed to execute 'createScheduledController': parameter 1 is not of type 'ScheduledOptions'.",
    );
  return new TestScheduledController(options ?? {}, now);
}

/** Of the fields that may be left out. @type {Record<string, (value: any) => boolean>} */
const pagesFields = {
  functionPath: (value) => typeof value === 'string',
  next: (value) => typeof value === 'function',
  params: (value) => typeof value === 'object' && value !== null,
  data: (value) => typeof value === 'object' && value !== null,
};
/** @type {Record<string, string>} */
const pagesTypes = { functionPath: 'string', next: 'function', params: 'object', data: 'object' };

/** @param {any} init @param {any} env @param {() => object} exportsOf */
function createPagesEventContext(init, env, exportsOf) {
  checkPages(init, env);
  const { request, functionPath = '', next, params = {}, data = {} } = init;
  const ctx = new TestExecutionContext(exportsOf);
  const event = {
    request: next ? request.clone() : request,
    functionPath,
    waitUntil: ctx.waitUntil.bind(ctx),
    passThroughOnException: ctx.passThroughOnException.bind(ctx),
    /** @param {any} [input] @param {any} [options] */
    async next(input, options) {
      if (next === undefined)
        throw new TypeError(
          'Cannot call `EventContext#next()` without including `next` property in 2nd argument to `createPagesEventContext()`',
        );
      if (input === undefined) return next(request);
      const target = typeof input === 'string' ? new URL(input, request.url).toString() : input;
      return next(new Request(target, options));
    },
    env,
    params,
    data,
  };
  shareWaitUntil(event, ctx);
  return event;
}

/** @param {any} init @param {any} env */
function checkPages(init, env) {
  if (typeof init !== 'object' || init === null)
    throw new TypeError(
      "Failed to execute 'createPagesEventContext': parameter 1 is not of type 'EventContextInit'.",
    );
  if (!(init.request instanceof Request)) throw pagesError('request', 'Request');
  for (const [name, isRight] of Object.entries(pagesFields))
    if (init[name] !== undefined && !isRight(init[name])) throw pagesError(name, pagesTypes[name]);
  if (typeof env.ASSETS?.fetch !== 'function')
    throw new TypeError(
      'Cannot call `createPagesEventContext()` without defining `ASSETS` service binding',
    );
}

/** @param {string} field @param {string} type */
const pagesError = (field, type) =>
  new TypeError(
    `Incorrect type for the '${field}' field on 'EventContextInit': the provided value is not of type '${type}'.`,
  );

module.exports = { createPagesEventContext, createScheduledController };
