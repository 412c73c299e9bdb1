import { WorkerEntrypoint, exports } from 'cloudflare:workers';
import { answer, attempt } from '../probe.js';

let seen = [];

const message = (id, body = { id }) => ({ id, timestamp: new Date(2000), attempts: 3, body });

export class Handlers extends WorkerEntrypoint {
  scheduled(controller) {
    seen.push(['entrypoint', controller.cron, controller.scheduledTime, this.ctx !== undefined]);
  }
}

const probes = {
  scheduled: async () => {
    const options = { cron: '1 2 3 4 5', scheduledTime: new Date(1000) };
    const results = [
      await exports.default.scheduled(options),
      await exports.default.scheduled({ cron: 'no retry', scheduledTime: new Date(1000) }),
      await exports.default.scheduled({ cron: 'fails', scheduledTime: new Date(1000) }),
      await exports.Handlers.scheduled(options),
    ];
    const { outcome } = await exports.default.scheduled();
    return [results, outcome, seen.slice(0, -1), typeof seen.at(-1)[2]];
  },
  queue: async () => {
    const each = (name) =>
      exports.default.queue(
        name,
        ['a', 'b', 'c'].map((id) => message(id)),
      );
    const names = ['nothing', 'each', 'ack all', 'retry all', 'fails', 'mixed'];
    const results = [];
    for (const name of names) results.push([name, await each(name)]);
    return [results, seen];
  },
  missing: async () => [
    await attempt(() => exports.Handlers.queue('name', [message('a')])),
    await attempt(() => exports.default.queue('none', [])),
  ],
};

const verdicts = {
  nothing: () => {},
  none: () => {},
  each: ([a, b, c]) => {
    a.ack();
    b.retry({ delaySeconds: 5 });
    c.retry();
    c.ack();
  },
  'ack all': (_messages, batch) => batch.ackAll(),
  'retry all': (_messages, batch) => batch.retryAll({ delaySeconds: 7 }),
  fails: ([a]) => {
    a.ack();
    throw new Error('of the handler');
  },
  mixed: ([a], batch) => {
    a.retry();
    batch.ackAll();
  },
};

export default {
  fetch: (request) => {
    seen = [];
    return answer(probes, request);
  },
  scheduled(controller) {
    seen.push(['default', controller.cron, controller.scheduledTime]);
    if (controller.cron === 'no retry') controller.noRetry();
    if (controller.cron === 'fails') throw new Error('of the handler');
  },
  queue(batch) {
    const [first] = batch.messages;
    seen.push([batch.queue, batch.messages.length, first?.id, first?.body, first?.attempts]);
    seen.push(first?.timestamp instanceof Date);
    verdicts[batch.queue](batch.messages, batch);
  },
};
