import { DurableObject, RpcStub, WorkerEntrypoint } from 'cloudflare:workers';
import { answer, attempt } from '../probe.js';

const kLimit = 33_554_432;
const bytes = (length) => new Uint8Array(length);

/** The name and text of what an action threw, or the size of what it gave. */
async function outcome(action) {
  return attempt(async () => {
    const result = await action();
    return result?.byteLength ?? result?.length ?? result;
  });
}

const probes = {
  'near-argument': ({ thing }) => outcome(() => thing.size(bytes(kLimit - 100))),
  'near-result': ({ thing }) => outcome(() => thing.make(kLimit - 100)),
  'above-argument': ({ thing }) => outcome(() => thing.size(bytes(kLimit + 1))),
  'above-result': ({ thing }) => outcome(() => thing.make(kLimit + 1)),
  async exact({ thing }) {
    const out = [];
    // Around the limit with the header, the tags and the length of the bytes.
    for (let extra = 13; extra <= 21; extra += 1) {
      const argument = await attempt(() => thing.size(bytes(kLimit - extra)));
      const result = await attempt(async () => (await thing.make(kLimit - extra)).byteLength);
      out.push([extra, argument.text.slice(0, 120), result.text.slice(0, 120)].join(' '));
    }
    return out;
  },
  'above-text': async ({ thing }) => [
    await outcome(() => thing.size('x'.repeat(kLimit))),
    await outcome(() => thing.size('é'.repeat(kLimit / 2))),
    await outcome(() => thing.size('☃'.repeat(kLimit / 2))),
  ],
  'small-values': ({ thing }) =>
    outcome(() => thing.size(Array.from({ length: 200_000 }, (_, i) => `item ${i % 10}`))),
  'above-together': ({ thing }) => outcome(() => thing.size(bytes(kLimit / 2), bytes(kLimit / 2))),
  async 'above-body'({ thing }) {
    let left = 33;
    const stream = new ReadableStream({
      type: 'bytes',
      pull(controller) {
        if (left-- > 0) controller.enqueue(bytes(1_048_576));
        else {
          controller.close();
          controller.byobRequest?.respond(0);
        }
      },
    });
    return thing.drain(stream);
  },
  'above-entrypoint': async ({ entry }) => [
    await outcome(() => entry.size(bytes(kLimit))),
    await outcome(() => entry.make(kLimit)),
    await outcome(() => new RpcStub((value) => value.byteLength)(bytes(kLimit))),
  ],
  'still-works': async ({ thing }) => [
    await outcome(() => thing.make(kLimit)),
    await outcome(() => thing.make(10)),
  ],
};

export class Thing extends DurableObject {
  size(...values) {
    return values.reduce((sum, value) => sum + (value.byteLength ?? value.length), 0);
  }
  make(length) {
    return bytes(length);
  }
  async drain(stream) {
    let total = 0;
    for await (const chunk of stream) total += chunk.byteLength;
    return total;
  }
}

export class Entry extends WorkerEntrypoint {
  size(value) {
    return value.byteLength;
  }
  make(length) {
    return bytes(length);
  }
}

export default {
  fetch(request, { T }, { exports }) {
    const bound = Object.entries(probes).map(([name, probe]) => [
      name,
      () => probe({ thing: T.getByName(name), entry: exports.Entry }),
    ]);
    return answer(Object.fromEntries(bound), request, null);
  },
};
