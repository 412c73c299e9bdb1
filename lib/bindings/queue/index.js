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
 * Before the shard starts.
 * @param {import('../../shard').Shard} shard
 * @param {import('../../workers/worker').Worker} worker
 * @param {import('../../config/bindings/queues').QueueSettings} settings
 * @returns {() => Promise<void>} to be called when it has started
 */
function bindQueues(shard, worker, { producers, consumers }) {
  if (producers.length + consumers.length === 0) return async () => {};
  const store = storeOf(shard, 'queue', QueueStore, { consumers: new Map() });
  for (const producer of producers) {
    const { name, queue } = producer;
    const call = (/** @type {string} */ method, /** @type {any[]} */ ...args) =>
      store.call(queue, method, ...args);
    worker.env[name] = makeQueue(call, producer, worker.flags);
  }
  for (const { queue, deadLetterQueue, ...settings } of consumers) {
    /** @type {Consumer} */
    const consumer = {
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
    };
    store.env.consumers.set(queue, consumer);
  }
  return async () => {
    // What waits since an earlier start, perhaps for another consumer.
    await Promise.all(consumers.map(({ queue }) => store.call(queue, 'begin', queue)));
  };
}

module.exports = { bindQueues };
