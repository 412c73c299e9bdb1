/* global FixedLengthStream, IdentityTransformStream */
// Bodies of Requests and Responses that cross over RPC: their streams go the way of other streams.
import { DurableObject } from 'cloudflare:workers';
import { answer, attempt } from '../probe.js';

const encoder = new TextEncoder();

/** Gives these, and then fails or ends. */
function given(values, { fails = false, waits = 0, cancelled } = {}) {
  const left = [...values];
  return new ReadableStream({
    async pull(controller) {
      if (waits > 0 && left.length < values.length) await scheduler.wait(waits);
      if (left.length > 0) controller.enqueue(left.shift());
      else if (fails) controller.error(new RangeError('the source fails'));
      else controller.close();
    },
    cancel: (reason) => cancelled?.(`${reason}`),
  });
}

const bytes = (text) => encoder.encode(text);
const post = (body) => new Request('http://do/', { method: 'POST', body });

async function broken(stream) {
  const writer = stream.writable.getWriter();
  await attempt(() => writer.write(bytes('ab')));
  await attempt(() => writer.abort(new RangeError('the writer gives up')));
}

async function cancelled(thing, waits) {
  const response = await thing.respond(['a', 'b', 'c', 'd', 'e', 'f'], { waits });
  const reader = response.body.getReader();
  const { value } = await reader.read();
  await scheduler.wait(10);
  const ended = await attempt(() => reader.cancel('enough'));
  await scheduler.wait(100);
  return [value[0], ended, await thing.seen()];
}

const probes = {
  'response-whole': async ({ thing }) => (await thing.respond(['a', 'b'])).text(),
  'response-fails': ({ thing }) =>
    attempt(async () => (await thing.respond(['a'], { fails: true })).text()),
  'response-of-values': ({ thing }) => attempt(async () => (await thing.respondValues()).text()),
  'response-cancelled': ({ thing }) => cancelled(thing, 0),
  'response-cancelled-early': ({ thing }) => cancelled(thing, 40),
  'request-whole': ({ thing }) => thing.read(post(given([bytes('a'), bytes('b')]))),
  'request-fails': ({ thing }) => thing.read(post(given([bytes('a')], { fails: true }))),
  'request-of-values': ({ thing }) => thing.read(post(given([{ not: 'bytes' }]))),
  async 'request-of-strings'({ thing }) {
    return [
      await thing.read(post(given(['text', bytes('a')]))),
      await attempt(() => new Response(given(['text'])).text()),
    ];
  },
  async 'request-cancelled'({ thing }) {
    let why = 'not cancelled';
    const body = given([bytes('a'), bytes('b'), bytes('c')], { cancelled: (text) => (why = text) });
    const result = await thing.readOne(post(body));
    await scheduler.wait(50);
    return [result, why];
  },
  async 'request-not-read'({ thing }) {
    let why = 'not cancelled';
    const body = given([bytes('a'), bytes('b'), bytes('c')], { cancelled: (text) => (why = text) });
    const result = await thing.ignore(post(body));
    await scheduler.wait(20);
    return [result, why];
  },
  async 'fixed-length'({ thing }) {
    const stream = new FixedLengthStream(4);
    const [result] = await Promise.all([thing.read(stream.readable), broken(stream)]);
    return result;
  },
  async 'fixed-length-request'({ thing }) {
    const stream = new FixedLengthStream(4);
    const [result] = await Promise.all([thing.read(post(stream.readable)), broken(stream)]);
    return result;
  },
  async 'identity-request'({ thing }) {
    const stream = new IdentityTransformStream();
    const [result] = await Promise.all([thing.read(post(stream.readable)), broken(stream)]);
    return result;
  },
};

export class Thing extends DurableObject {
  #seen = 'nothing';

  respond(texts, how = {}) {
    return new Response(
      given(texts.map(bytes), { ...how, cancelled: (text) => (this.#seen = text) }),
    );
  }
  respondValues() {
    return new Response(given([{ not: 'bytes' }]));
  }
  async read(value) {
    const stream = value instanceof ReadableStream ? value : value.body;
    return (await attempt(() => new Response(stream).text())).text;
  }
  async readOne(request) {
    const reader = request.body.getReader();
    const { value } = await reader.read();
    return [value[0], (await attempt(() => reader.cancel('enough'))).text];
  }
  ignore() {
    return 'ignored';
  }
  seen() {
    return this.#seen;
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
