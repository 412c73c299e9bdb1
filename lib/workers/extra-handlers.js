'use strict';
// scheduled() and queue() of service stubs, behind the flag service_binding_extra_handlers (spec S1.13; experimental in workerd): the
// handlers are called as for an event, and the caller is told how it went.

const { QueueController, Verdicts } = require('../bindings/queue/message-batch');
const { reportError } = require('../report-error');
const { ScheduledController, saidNoRetry } = require('./scheduled-controller');

const kNoMetrics = Object.freeze({ backlogCount: 0, backlogBytes: 0 });

/** @typedef {(event: object) => Promise<'ok' | 'exception'>} Run calls the handler of that name */

/** @type {Record<string, (run: Run, args: any[]) => Promise<object>>} */
const extraHandlers = {
  async scheduled(run, [options = {}]) {
    const { scheduledTime = Date.now(), cron = '' } = options;
    const controller = new ScheduledController(String(cron), Number(scheduledTime));
    const outcome = await run(controller);
    return { outcome, noRetry: saidNoRetry(controller) };
  },

  async queue(run, [name, messages, metadata]) {
    const verdicts = new Verdicts();
    const given = messages.map((/** @type {any} */ message) => ({
      ...message,
      timestamp: Number(message.timestamp),
    }));
    const metrics = metadata?.metrics ?? kNoMetrics;
    const outcome = await run(new QueueController(String(name), given, verdicts, metrics));
    return { outcome, ...verdicts.summary(given.map((/** @type {any} */ { id }) => id)) };
  },
};

/**
 * @param {string[]} path of a call
 * @param {unknown[] | undefined} args
 * @param {Record<string, boolean>} flags
 */
const isExtraCall = (path, args, flags) =>
  flags.service_binding_extra_handlers &&
  args !== undefined &&
  path.length === 1 &&
  Object.hasOwn(extraHandlers, path[0]);

/**
 * @param {string} name
 * @param {any[]} args
 * @param {{target: any, ctx: object, isClass: boolean}} entrypoint
 * @param {object} env
 * @returns {Promise<object>} what the caller gets; what the handler throws is reported, and its outcome is 'exception'
 */
function callExtraHandler(name, args, { target, ctx, isClass }, env) {
  return extraHandlers[name](async (event) => {
    try {
      const handler = target?.[name];
      if (typeof handler !== 'function')
        throw new Error(`Handler does not export a ${name}() function.`);
      await (isClass ? handler.call(target, event) : handler.call(target, event, env, ctx));
      return 'ok';
    } catch (error) {
      reportError(error);
      return 'exception';
    }
  }, args);
}

module.exports = { callExtraHandler, isExtraCall };
