import { probeCases } from '../../harness/probes.mjs';

export const config = {
  bindings: { LOG: 'Log' },
  classes: { Log: { sqlite: true } },
  wrangler: {
    queues: {
      producers: ['refused', 'bodies', 'batches', 'failing'].map((queue) => ({
        binding: queue.toUpperCase(),
        queue,
      })),
      consumers: [
        { queue: 'bodies', max_batch_timeout: 0 },
        { queue: 'batches', max_batch_size: 5, max_batch_timeout: 30 },
        { queue: 'failing', max_batch_timeout: 0, max_retries: 1, dead_letter_queue: 'dead' },
        { queue: 'dead', max_batch_timeout: 0 },
      ],
    },
  },
  miniflare: {
    queueProducers: {
      REFUSED: 'refused',
      BODIES: 'bodies',
      BATCHES: 'batches',
      FAILING: 'failing',
    },
    queueConsumers: {
      bodies: { maxBatchTimeout: 0 },
      batches: { maxBatchSize: 5, maxBatchTimeout: 30 },
      failing: { maxBatchTimeout: 0, maxRetries: 1, deadLetterQueue: 'dead' },
      dead: { maxBatchTimeout: 0 },
    },
  },
};

/** The last line that the consumer writes. */
const seen = (name, probe, queue, last) => ({
  name,
  steps: async (t) => {
    await t.fetch(`/${probe}`);
    await t.fetchUntil(`/seen?queue=${queue}`, last);
  },
});

export const cases = [
  ...probeCases({ refusals: 'S8.7.1 queues: what is refused' }),
  seen('S9.1.3 queues: bodies and what the handler gets', 'bodies', 'bodies', 'QueueController'),
  seen('S9.1.3 queues: a full batch does not wait', 'batches', 'batches', 'batch of 5'),
  seen('S9.1.3 queues: a message that is retried once', 'failing', 'failing', 'attempt 2'),
  seen('S9.1.3 queues: the dead-letter queue', 'failing', 'dead', 'attempt'),
];
