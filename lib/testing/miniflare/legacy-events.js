'use strict';
// FetchEvent and ScheduledEvent as jest-environment-miniflare had them: tests make them, and wait for what handlers gave waitUntil()
// (spec S10.3.3 getMiniflareWaitUntil). On Workers they have no constructor.

const web = require('../../web/events/scope-events');
const { shareWaitUntil, TestExecutionContext } = require('../module/wait-until');

/** @param {(ctx: TestExecutionContext, init: any) => object} make @returns {ProxyHandler<any>} */
const constructible = (make) => ({
  construct(_class, [_type, init]) {
    const ctx = new TestExecutionContext();
    const event = make(ctx, init ?? {});
    shareWaitUntil(event, ctx);
    return event;
  },
});

/** The same classes for `instanceof`. @type {Record<string, any>} by name */
const legacyEvents = {
  FetchEvent: new Proxy(
    web.FetchEvent,
    constructible((ctx, { request }) => {
      if (request !== undefined) return web.makeFetchEvent(ctx, request);
      throw new TypeError("new FetchEvent('fetch', { request }) needs a request.");
    }),
  ),
  ScheduledEvent: new Proxy(
    web.ScheduledEvent,
    constructible((ctx, { scheduledTime = Date.now(), cron = '' }) =>
      web.makeScheduledEvent(ctx, { scheduledTime: Number(scheduledTime), cron, noRetry() {} }),
    ),
  ),
};

module.exports = { legacyEvents };
