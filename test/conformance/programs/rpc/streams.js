import { DurableObject } from 'cloudflare:workers';
import { answer, attempt } from '../probe.js';

const { IdentityTransformStream } = globalThis;
const encoder = new TextEncoder();

/** A byte stream of these texts. */
function streamOf(...texts) {
  return new ReadableStream({
    type: 'bytes',
    async pull(controller) {
      const text = texts.shift();
      if (text === undefined) {
        controller.close();
        controller.byobRequest?.respond(0);
      } else {
        controller.enqueue(encoder.encode(text));
      }
    },
  });
}

function streamOfValues(...values) {
  return new ReadableStream({
    start(controller) {
      for (const value of values) controller.enqueue(value);
      controller.close();
    },
  });
}

async function textOf(stream) {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of stream) text += decoder.decode(chunk, { stream: true });
  return text;
}

/** A sink that keeps what it got. */
function sink(failAt) {
  const seen = { text: '', ended: 'open' };
  const decoder = new TextDecoder();
  const stream = new WritableStream({
    write(chunk) {
      seen.text += decoder.decode(chunk);
      if (failAt !== undefined && seen.text.includes(failAt))
        throw new RangeError('the sink fails');
    },
    close() {
      seen.ended = 'closed';
    },
    abort(reason) {
      seen.ended = `aborted ${reason?.name}: ${reason?.message}`;
    },
  });
  return { seen, stream };
}

const probes = {
  'readable-argument': ({ thing }) => thing.read(streamOf('a', 'b', 'c')),
  async 'readable-result'({ thing }) {
    const stream = await thing.make(['x', 'y']);
    return [stream instanceof ReadableStream, typeof stream[Symbol.dispose], await textOf(stream)];
  },
  async 'readable-locked'({ thing }) {
    const stream = streamOf('a');
    const before = stream.locked;
    const call = thing.read(stream);
    const after = stream.locked;
    return [before, after, await call];
  },
  async 'readable-locked-before'({ thing }) {
    const stream = streamOf('a');
    stream.getReader();
    return attempt(() => thing.read(stream));
  },
  'readable-empty': async ({ thing }) => [
    await thing.read(streamOf()),
    await textOf(await thing.make([])),
  ],
  async 'readable-error'({ thing }) {
    const make = () =>
      new ReadableStream({
        type: 'bytes',
        start(controller) {
          controller.enqueue(encoder.encode('first'));
        },
        pull(controller) {
          controller.error(new RangeError('the source fails'));
        },
      });
    return [
      await attempt(() => thing.read(make())),
      await attempt(async () => textOf(await thing.makeFailing())),
    ];
  },
  async 'readable-cancel'({ thing }) {
    let cancelled = 'not cancelled';
    const stream = new ReadableStream({
      type: 'bytes',
      pull(controller) {
        controller.enqueue(encoder.encode('again '));
      },
      cancel(reason) {
        cancelled = `cancelled ${typeof reason}`;
      },
    });
    const result = await thing.readOneAndCancel(stream);
    await scheduler.wait(20);
    return [result, cancelled];
  },
  'readable-not-read': async ({ thing }) => attempt(() => thing.ignore(streamOf('a'))),
  async 'readable-inside'({ thing }) {
    const result = await thing.makeTwo();
    return [await textOf(result.a), await textOf(result.list[0])];
  },
  async 'readable-twice'({ thing }) {
    const stream = streamOf('a');
    return attempt(() => thing.readBoth(stream, stream));
  },
  async 'readable-through'({ thing }) {
    return textOf(await thing.identity(streamOf('there ', 'and back')));
  },
  async 'readable-after'({ thing }) {
    await thing.keep(streamOf('kept'));
    return attempt(() => thing.readKept());
  },
  async 'byob-reader'({ thing }) {
    const stream = await thing.make(['abcdef']);
    const reader = stream.getReader({ mode: 'byob' });
    const { value, done } = await reader.read(new Uint8Array(3));
    const rest = await reader.read(new Uint8Array(10));
    return [value, done, rest.value];
  },
  'chunk-kinds': ({ thing }) =>
    attempt(() =>
      thing.read(
        streamOfValues(
          new Uint8Array([65]),
          new Uint8Array([66]).buffer,
          new Uint16Array([0x4443]),
        ),
      ),
    ),
  text: ({ thing }) => attempt(() => thing.read(streamOfValues('text', 'more'))),
  'text-result': ({ thing }) => attempt(async () => textOf(await thing.makeObjects())),
  async large({ thing }) {
    const chunk = new Uint8Array(65_536).fill(7);
    let left = 64;
    const stream = new ReadableStream({
      type: 'bytes',
      pull(controller) {
        if (left-- > 0) controller.enqueue(chunk.slice());
        else {
          controller.close();
          controller.byobRequest?.respond(0);
        }
      },
    });
    return thing.countBytes(stream);
  },
  async 'readable-pressure'({ thing }) {
    let pulled = 0;
    const stream = new ReadableStream({
      type: 'bytes',
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(65_536));
        if (pulled === 2_000) controller.close();
      },
    });
    const read = await thing.readOneAndWait(stream);
    return [read > 0, pulled < 1_000];
  },
  async 'read-ahead'({ thing }) {
    const stream = await thing.makeCounted();
    while ((await thing.counted()) === 0) await scheduler.wait(5);
    await scheduler.wait(20);
    const before = await thing.counted();
    const reader = stream.getReader();
    await reader.read();
    while ((await thing.counted()) === before) await scheduler.wait(5);
    return [before, await thing.counted()];
  },
  async 'echo-pair'({ thing }) {
    const { readable, writable } = await thing.makePair();
    const writer = writable.getWriter();
    await writer.write(new TextEncoder().encode('written before it is read'));
    await writer.close();
    return textOf(readable);
  },
  async 'writable-pressure'({ thing }) {
    let open;
    const gate = new Promise((resolve) => (open = resolve));
    let taken = 0;
    const stream = new WritableStream({
      async write(chunk) {
        await gate;
        taken += chunk.byteLength;
      },
    });
    const call = thing.writeMuch(stream);
    await scheduler.wait(50);
    const sent = await thing.sent();
    open();
    return [sent < 32_000_000, await call, taken];
  },
  async 'writable-argument'({ thing }) {
    const { seen, stream } = sink();
    const result = await thing.write(stream, ['a', 'b']);
    await scheduler.wait(20);
    return [result, seen];
  },
  async 'writable-result'({ thing }) {
    const stream = await thing.makeSink();
    const writer = stream.getWriter();
    await writer.write(encoder.encode('written from afar'));
    await writer.close();
    await scheduler.wait(20);
    return [stream instanceof WritableStream, await thing.sinkSeen()];
  },
  async 'writable-locked'({ thing }) {
    const { stream } = sink();
    stream.getWriter();
    return attempt(() => thing.write(stream, ['a']));
  },
  async 'writable-abort'({ thing }) {
    const { seen, stream } = sink();
    const result = await attempt(() => thing.abort(stream));
    await scheduler.wait(20);
    return [result, seen.text, seen.ended.split(' ')[0]];
  },
  async 'writable-error'({ thing }) {
    const { seen, stream } = sink('b');
    const result = await attempt(() => thing.write(stream, ['a', 'b', 'c']));
    return [result, seen.text.startsWith('ab')];
  },
  async identity({ thing }) {
    const a = new IdentityTransformStream();
    const written = thing.write(a.writable, ['through ', 'identity']);
    const text = await textOf(a.readable);
    const b = new IdentityTransformStream();
    const read = thing.read(b.readable);
    const writer = b.writable.getWriter();
    await writer.write(encoder.encode('the other way'));
    await writer.close();
    return [text, await written, await read];
  },
  async 'body-argument'({ thing }) {
    const response = new Response('a body', { headers: { 'content-length': '6' } });
    const request = new Request('http://a.b/', { method: 'POST', body: 'of a request' });
    return [await thing.read(response.body), await thing.read(request.body), response.bodyUsed];
  },
};

export class Thing extends DurableObject {
  #kept;
  #sink;
  #counted = 0;
  makeCounted() {
    return new ReadableStream({
      type: 'bytes',
      pull: (controller) => {
        this.#counted += 1;
        controller.enqueue(new Uint8Array(1_000));
      },
    });
  }
  counted() {
    return this.#counted;
  }
  makePair() {
    const { readable, writable } = new IdentityTransformStream();
    return { readable, writable };
  }
  read(stream) {
    return textOf(stream);
  }
  make(texts) {
    return streamOf(...texts);
  }
  makeFailing() {
    return new ReadableStream({
      type: 'bytes',
      pull(controller) {
        controller.error(new RangeError('the source fails'));
      },
    });
  }
  async readOneAndCancel(stream) {
    const reader = stream.getReader();
    const { value } = await reader.read();
    await reader.cancel('enough');
    return new TextDecoder().decode(value).startsWith('again');
  }
  async readOneAndWait(stream) {
    const reader = stream.getReader();
    const { value } = await reader.read();
    await scheduler.wait(50);
    await reader.cancel();
    return value.byteLength;
  }
  #sent = 0;
  async writeMuch(stream) {
    const writer = stream.getWriter();
    for (let i = 0; i < 500; i++) {
      await writer.write(new Uint8Array(65_536));
      this.#sent += 65_536;
    }
    await writer.close();
    return this.#sent;
  }
  sent() {
    return this.#sent;
  }
  ignore() {
    return 'ignored';
  }
  makeTwo() {
    return { a: streamOf('one'), list: [streamOf('two')] };
  }
  async readBoth(a, b) {
    return [await textOf(a), await textOf(b)];
  }
  identity(stream) {
    return stream;
  }
  keep(stream) {
    this.#kept = stream;
  }
  readKept() {
    return textOf(this.#kept);
  }
  makeObjects() {
    return streamOfValues({ not: 'bytes' });
  }
  async countBytes(stream) {
    let total = 0;
    for await (const chunk of stream) total += chunk.byteLength;
    return total;
  }
  async write(stream, texts) {
    const writer = stream.getWriter();
    for (const text of texts) await writer.write(encoder.encode(text));
    await writer.close();
    return 'written';
  }
  async abort(stream) {
    const writer = stream.getWriter();
    await writer.write(encoder.encode('a'));
    await writer.abort(new RangeError('the writer gives up'));
    return 'aborted';
  }
  makeSink() {
    this.#sink = sink();
    return this.#sink.stream;
  }
  sinkSeen() {
    return this.#sink.seen;
  }
}

export default {
  fetch(request, { T }) {
    const bound = Object.entries(probes).map(([name, probe]) => [
      name,
      () => probe({ thing: T.getByName(name) }),
    ]);
    return answer(Object.fromEntries(bound), request, null);
  },
};
