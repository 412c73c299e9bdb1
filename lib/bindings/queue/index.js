'use strict';
// Queues of a Worker: producers on its env, and its `queue` handler as the consumer (spec S8.7.1, S9.1.3).

const { storeOf } = require('../store');
const { runHandler } = require('../../workers/run-handler');
const { QueueController, shownMetrics } = require('./message-batch');
const { QueueStore } = require('./queue-store');
const { makeQueue } = require('./worker-queue');

/**
 * @typedef {object} Consumer
 * @property {number} batchSize
 * @property {number} batchTimeoutMs
 * @property {number} retries after the first try
 * @property {number} retryDelaySeconds
 * @property {(messages: any[], verdicts: import('./message-batch').Verdicts, backlog: any) => Promise<void>} run calls the handler
 * @property {(messages: import('./queue-store').Sent[]) => Promise<void>} bury what was tried often enough
 * @property {(ended: Promise<void>) => void} track what close() waits for
 */

/**
 * Before the shard starts, or in one that runs.
 * @param {import('../../shard').Shard} shard
 * @param {import('../../workers/worker').Worker} worker
 * @param {import('../../config/bindings/queues').QueueSettings} settings
 * @returns {import('..').Callers}
 */
function bindQueues(shard, worker, { producers, consumers }) {
  if (producers.length + consumers.length === 0) return { begin: async () => {}, end: () => {} };
  const store = storeOf(shard, 'queue', QueueStore, { consumers: new Map() });
  for (const producer of producers) {
    const { name, queue } = producer;
    const call = (/** @type {string} */ method, /** @type {any[]} */ ...args) =>
      store.call(queue, method, ...args);
    worker.env[name] = makeQueue(call, producer, worker.flags);
  }
  /** @type {Map<string, Consumer>} by queue */
  const known = store.env.consumers;
  /** @type {[string, Consumer][]} */
  const consuming = consumers.map(({ queue, deadLetterQueue, ...settings }) => [
    queue,
    {
      ...settings,
      run: (messages, verdicts, backlog) =>
        runHandler(
          worker,
          'queue',
          new QueueController(queue, messages, verdicts, shownMetrics(backlog)),
        ),
      bury: async (messages) => {
        if (messages.length === 0) return;
        if (deadLetterQueue !== undefined)
          await store.call(deadLetterQueue, 'send', deadLetterQueue, messages);
        else
          console.warn(
            `warning: queue ${queue}: ${messages.length} message(s) dropped after ${settings.retries + 1} tries.`,
          );
      },
      track: (ended) => worker.track(ended.catch(() => {})),
    },
  ]);
  return {
    async begin() {
      for (const [queue, consumer] of consuming) known.set(queue, consumer);
      // What waits since an earlier start, perhaps for another consumer.
      await Promise.all(consuming.map(([queue]) => store.call(queue, 'begin', queue)));
    },
    end: () => consuming.forEach(([queue]) => known.delete(queue)),
  };
}

module.exports = { bindQueues };
