import { DurableObject } from 'cloudflare:workers';
import { answer } from '../probe.js';

const { FixedLengthStream } = globalThis;

const encoder = new TextEncoder();
const text = (bytes) => new TextDecoder().decode(bytes);

/** Reads one chunk, opens a section, reads more: what the object's own code did inside. How far ahead a stream is read differs. */
async function readAcross(holder, stream) {
  const reader = stream.getReader();
  await reader.read();
  const blocked = holder.block();
  await scheduler.wait(10);
  const reads = [await reader.read(), await reader.read()];
  await blocked;
  await reader.cancel();
  const log = await holder.readLog();
  const inside = log.slice(log.indexOf('block begins') + 1, log.indexOf('block ends'));
  return [reads.map(({ value }) => text(value)), inside];
}

const ways = {
  text: (request) => request.text(),
  json: (request) => request.json(),
  arrayBuffer: (request) => request.arrayBuffer(),
  bytes: (request) => request.bytes(),
  blob: (request) => request.blob(),
  async forAwait({ body }) {
    for await (const chunk of body) chunk.length;
  },
  pipeTo: ({ body }) => body.pipeTo(new WritableStream()),
  pipeThrough: ({ body }) => body.pipeThrough(new TextDecoderStream()).pipeTo(new WritableStream()),
  tee: ({ body }) => Promise.all(body.tee().map((branch) => new Response(branch).text())),
};

const probes = {
  async 'response-pull'({ HOLDER }) {
    const holder = HOLDER.getByName('response-pull');
    return readAcross(holder, (await holder.fetch('http://do/')).body);
  },
  async 'rpc-pull'({ HOLDER }) {
    const holder = HOLDER.getByName('rpc-pull');
    return readAcross(holder, await holder.readable());
  },
  async 'rpc-write'({ HOLDER }) {
    const holder = HOLDER.getByName('rpc-write');
    const writer = (await holder.writable()).getWriter();
    await writer.write(encoder.encode('one'));
    const blocked = holder.block();
    await scheduler.wait(10);
    await writer.write(encoder.encode('two'));
    await blocked;
    await writer.close();
    return holder.readLog();
  },
  async 'writer-of-another'({ HOLDER }) {
    return HOLDER.getByName('writer-of-another').writeElsewhere();
  },
  async 'body-methods'({ HOLDER }) {
    const seen = [];
    for (const method of Object.keys(ways)) {
      const holder = HOLDER.getByName(`body-${method}`);
      const { readable, writable } = new FixedLengthStream(100_000);
      const writer = writable.getWriter();
      const body = encoder.encode(`"${'x'.repeat(99_998)}"`);
      const sent = writer.write(body.slice(0, 70_000));
      const answered = holder.fetch(`http://do/${method}`, { method: 'POST', body: readable });
      await sent;
      const blocked = holder.block();
      await scheduler.wait(10);
      await writer.write(body.slice(70_000));
      await writer.close();
      seen.push([method, await (await answered).text()]);
      await blocked;
      seen.push(await holder.readLog());
    }
    return seen;
  },
  async 'pipe-errors'({ HOLDER }) {
    return HOLDER.getByName('pipe-errors').pipeErrors();
  },
};

export class Holder extends DurableObject {
  #log = [];

  log(entry) {
    this.#log.push(entry);
  }

  readLog() {
    return this.#log;
  }

  block() {
    return this.ctx.blockConcurrencyWhile(async () => {
      this.log('block begins');
      await scheduler.wait(60);
      this.log('block ends');
    });
  }

  readable() {
    let pulled = 0;
    return new ReadableStream(
      {
        type: 'bytes',
        pull: (controller) => {
          pulled += 1;
          this.log(`pull ${pulled}`);
          controller.enqueue(encoder.encode(`chunk ${pulled}`));
        },
      },
      { highWaterMark: 0 },
    );
  }

  writable() {
    return new WritableStream({ write: (chunk) => this.log(`write ${text(chunk)}`) });
  }

  async fetch(request) {
    if (request.method === 'GET') return new Response(this.readable());
    const method = new URL(request.url).pathname.slice(1);
    await ways[method](request);
    this.log(`${method} is there`);
    return new Response('ok');
  }

  async writeElsewhere() {
    const other = this.env.HOLDER.getByName('written');
    const writer = (await other.writable()).getWriter();
    await writer.write(encoder.encode('one'));
    const written = writer.write(encoder.encode('two')).then(() => this.log('it went on'));
    await this.block();
    this.log('after the block');
    await written;
    await writer.close();
    return [this.#log, await other.readLog()];
  }

  async pipeErrors() {
    const seen = [];
    const outcome = async (run) => {
      try {
        return `fulfilled ${await run()}`;
      } catch (error) {
        return `rejected ${error?.name ?? typeof error}`;
      }
    };
    const failing = () => new ReadableStream({ pull: (c) => c.error(new RangeError('source')) });
    const refusing = () =>
      new WritableStream({
        write() {
          throw new SyntaxError('sink');
        },
      });
    seen.push(await outcome(() => failing().pipeTo(new WritableStream())));
    seen.push(await outcome(() => this.readable().pipeTo(refusing())));
    const kept = this.readable();
    seen.push(await outcome(() => kept.pipeTo(refusing(), { preventCancel: true })), kept.locked);
    seen.push(text((await kept.getReader().read()).value).startsWith('chunk'));
    const locked = this.readable();
    locked.getReader();
    seen.push(await outcome(() => locked.pipeTo(new WritableStream())));
    seen.push(await outcome(() => this.readable().pipeTo({})));
    seen.push(await outcome(() => this.readable().pipeThrough({})));
    const signal = AbortSignal.abort(new TypeError('gone'));
    seen.push(await outcome(() => this.readable().pipeTo(new WritableStream(), { signal })));
    return seen;
  }
}

export default {
  fetch: (request, env) => answer(probes, request, env),
};
