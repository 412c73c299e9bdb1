// readQueues: `queues` of a config (S8.7.1).
'use strict';

const { isTable } = require('../config-document');
const { readEntries } = require('./binding-list');

/**
 * @typedef {object} QueueSettings
 * @property {{name: string, queue: string, deliveryDelay: number}[]} producers `name` is the property of `env`; seconds
 * @property {ConsumerSettings[]} consumers
 *
 * @typedef {object} ConsumerSettings
 * @property {string} queue
 * @property {number} batchSize
 * @property {number} batchTimeoutMs
 * @property {number} retries
 * @property {number} retryDelaySeconds
 * @property {string} [deadLetterQueue]
 */

const kProducer = { binding: 'string', queue: 'string?', delivery_delay: 'number?' };
const kConsumer = {
  queue: 'string',
  dead_letter_queue: 'string?',
  ...Object.fromEntries(
    ['max_batch_size', 'max_batch_timeout', 'max_retries', 'retry_delay'].map((name) => [
      name,
      'number?',
    ]),
  ),
};

/** @param {InstanceType<typeof import('../environment').Section>} section @returns {QueueSettings} */
function readQueues(section) {
  const { queues = {} } = section.data;
  if (!isTable(queues)) {
    const text = `The field "queues" should be an object but got ${JSON.stringify(queues)}.`;
    throw section.error(['queues'], text);
  }
  const producers = readEntries(section, ['queues', 'producers'], queues.producers, kProducer);
  const consumers = readEntries(section, ['queues', 'consumers'], queues.consumers, kConsumer);
  return {
    producers: producers.map(
      ({ binding: name, queue = name, delivery_delay: deliveryDelay = 0 }) => {
        return { name, queue, deliveryDelay };
      },
    ),
    consumers: consumers.map((entry) => ({
      queue: entry.queue,
      batchSize: entry.max_batch_size ?? 5,
      batchTimeoutMs: (entry.max_batch_timeout ?? 1) * 1000,
      retries: entry.max_retries ?? 2,
      retryDelaySeconds: entry.retry_delay ?? 0,
      deadLetterQueue: entry.dead_letter_queue,
    })),
  };
}

module.exports = { readQueues };
