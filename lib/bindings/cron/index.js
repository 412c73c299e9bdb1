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
 * Before the shard starts, or in one that runs.
 * @param {import('../../shard').Shard} shard
 * @param {import('../../workers/worker').Worker} worker
 * @param {string[]} crons
 * @returns {import('..').Callers}
 */
function bindCrons(shard, worker, crons) {
  // Also without triggers now: those of an earlier start forget themselves.
  const store = storeOf(shard, 'cron', CronStore, { triggers: new Map() });
  /** @type {Map<string, Trigger>} by name */
  const known = store.env.triggers;
  /** @type {[string, Trigger][]} */
  const triggers = [...new Set(crons)].map((expression) => [
    `${worker.name} ${expression}`,
    {
      expression,
      run: (due) => runHandler(worker, 'scheduled', new ScheduledController(expression, due)),
      track: (ended) => worker.track(ended.catch(() => {})),
    },
  ]);
  return {
    async begin() {
      for (const [name, trigger] of triggers) known.set(name, trigger);
      await Promise.all(
        triggers.map(([name, { expression }]) => store.call(name, 'arm', name, expression)),
      );
    },
    end: () => triggers.forEach(([name]) => known.delete(name)),
  };
}

module.exports = { bindCrons };
