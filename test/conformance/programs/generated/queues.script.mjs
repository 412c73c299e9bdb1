import { seeds } from '../../harness/seeds.mjs';

const producers = ['sink', 'echo', 'single', 'many', 'strict'];
const end = { max_batch_timeout: 0, dead_letter_queue: 'dead' };
const consumers = [
  { queue: 'sink', max_batch_size: 100, max_batch_timeout: 0 },
  { queue: 'echo', max_batch_size: 100, max_batch_timeout: 0 },
  { queue: 'single', max_batch_size: 1, max_retries: 2, ...end },
  { queue: 'many', max_batch_size: 3, max_retries: 1, ...end },
  { queue: 'strict', max_batch_size: 10, max_retries: 0, ...end },
  { queue: 'dead', max_batch_size: 7, max_batch_timeout: 0 },
];

export const config = {
  concurrent: true,
  wrangler: {
    queues: {
      producers: producers.map((queue) => ({ binding: queue.toUpperCase(), queue })),
      consumers,
    },
  },
  miniflare: {
    queueProducers: Object.fromEntries(producers.map((queue) => [queue.toUpperCase(), queue])),
    queueConsumers: Object.fromEntries(
      consumers.map((consumer) => [
        consumer.queue,
        {
          maxBatchSize: consumer.max_batch_size,
          maxBatchTimeout: consumer.max_batch_timeout,
          maxRetries: consumer.max_retries,
          deadLetterQueue: consumer.dead_letter_queue,
        },
      ]),
    ),
  },
};

export const cases = seeds(12).map((seed) => ({
  name: `S9.1.3 queues: producers, bodies and fates of messages, seed ${seed}`,
  request: { path: `/${seed}` },
}));
