import { DurableObject } from 'cloudflare:workers';
import { answer, attempt, show } from '../probe.js';

/** Ids and times differ from run to run; sizes of the backlog depend on how fast the consumer is. */
const sent = ({ text }) =>
  text.replace(/[^]*resolved \{\n {2}metadata[^]*/, 'resolved with metadata');
const tried = async (action) => sent(await attempt(action));

const probes = {
  async refusals({ REFUSED }) {
    return [
      await tried(() => REFUSED.send()),
      await tried(() => REFUSED.send(undefined)),
      await tried(() => REFUSED.send('x', { contentType: 'xml' })),
      await tried(() => REFUSED.send(5, { contentType: 'text' })),
      await tried(() => REFUSED.send('x', { contentType: 'bytes' })),
      await tried(() => REFUSED.send(new ArrayBuffer(1), { contentType: 'bytes' })),
      await tried(() => REFUSED.send('x', 'options')),
      await tried(() => REFUSED.sendBatch([])),
      await tried(() => REFUSED.sendBatch()),
      await tried(() => REFUSED.sendBatch([{ body: undefined }])),
      await tried(() => REFUSED.sendBatch([{ body: 1, contentType: 'xml' }])),
      REFUSED.constructor.name,
      String(REFUSED),
      Object.getOwnPropertyNames(Object.getPrototypeOf(REFUSED)).sort(),
    ];
  },
  async bodies({ BODIES }) {
    return [
      await tried(() =>
        BODIES.sendBatch([
          { body: { json: [1, 'ü', null] } },
          { body: 'text', contentType: 'text' },
          { body: new Uint8Array([1, 2, 255]), contentType: 'bytes' },
          { body: new Map([['a', new Date(0)]]), contentType: 'v8' },
          { body: null },
        ]),
      ),
    ];
  },
  async batches({ BATCHES }) {
    await Promise.all(Array.from({ length: 5 }, (_, i) => BATCHES.send(i)));
    return 'sent';
  },
  async failing({ FAILING }) {
    await FAILING.sendBatch(['ack', 'retry', 'nothing', 'throws'].map((body) => ({ body })));
    return 'sent';
  },
  'from-object': ({ LOG, BODIES }) => LOG.getByName('x').send(BODIES),
  seen: ({ LOG }, request) =>
    LOG.getByName('log').read(new URL(request.url).searchParams.get('queue')),
};

export class Log extends DurableObject {
  async add(queue, line) {
    await this.ctx.storage.put(`${queue} ${line}`, true);
  }
  async read(queue) {
    return show([...(await this.ctx.storage.list({ prefix: `${queue} ` })).keys()]);
  }
}

async function consume(batch, env) {
  const log = (line) => env.LOG.getByName('log').add(batch.queue, line);
  const { queue, messages } = batch;
  for (const message of messages) {
    const { body, attempts, id, timestamp } = message;
    const kinds = `${typeof id} ${timestamp.constructor.name}`;
    await log(`${show(body).replaceAll('\n', '')} attempt ${attempts} ${kinds}`);
    if (queue !== 'failing') continue;
    if (body === 'ack') message.ack();
    if (body === 'retry') message.retry();
  }
  if (queue === 'batches') await log(`batch of ${messages.length}`);
  if (queue === 'bodies')
    await log(
      `${batch.constructor.name} ${messages[0].constructor.name} ${Object.keys(batch)} ${Object.keys(messages[0]).sort()}`,
    );
}

export default {
  fetch: (request, env) => answer(probes, request, env),
  queue: consume,
};
