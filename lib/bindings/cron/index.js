'use strict';
// Cron triggers: the `scheduled` handler of a Worker (spec S9.1.3).

const { storeOf } = require('../store');
const { runHandler } = require('../../workers/run-handler');
const { ScheduledController } = require('../../workers/scheduled-controller');
const { CronStore } = require('./cron-store');

/**
 * @typedef {object} Trigger
 * @property {string} expression
 * @property {(due: number) => Promise<void>} run calls the handler
 * @property {(ended: Promise<void>) => void} track what close() waits for
 */

/**
 * Before the shard starts.
 * @param {import('../../shard').Shard} shard
 * @param {import('../../workers/worker').Worker} worker
 * @param {string[]} crons
 * @returns {() => Promise<void>} to be called when it has started
 */
function bindCrons(shard, worker, crons) {
  /** @type {Map<string, Trigger>} by name */
  const triggers = new Map();
  // Also without triggers now: those of an earlier start forget themselves.
  const store = storeOf(shard, 'cron', CronStore, { triggers });
  const known = store.env.triggers;
  const names = [...new Set(crons)].map((cron) => ({ cron, name: `${worker.name} ${cron}` }));
  for (const { cron, name } of names) {
    known.set(name, {
      expression: cron,
      run: (/** @type {number} */ due) =>
        runHandler(worker, 'scheduled', new ScheduledController(cron, due)),
      track: (/** @type {Promise<void>} */ ended) => worker.track(ended.catch(() => {})),
    });
  }
  return async () => {
    await Promise.all(names.map(({ cron, name }) => store.call(name, 'arm', name, cron)));
  };
}

module.exports = { bindCrons };
