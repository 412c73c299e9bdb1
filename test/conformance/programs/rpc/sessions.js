// What keeps the call of an entrypoint going, and what ends with it: stubs, disposers and streams that it got, gave out, or sent on.
import { DurableObject, RpcStub, RpcTarget, WorkerEntrypoint } from 'cloudflare:workers';
import { answer, attempt } from '../probe.js';

/** @type {string[]} */
let log = [];

class Named extends RpcTarget {
  #name;
  constructor(name) {
    super();
    this.#name = name;
  }
  [Symbol.dispose]() {
    log.push(`${this.#name} disposed`);
  }
}

const disposable = (name) => ({ [Symbol.dispose]: () => log.push(`${name} disposed`) });

function slowly() {
  let chunks = 0;
  return new ReadableStream({
    type: 'bytes',
    async pull(controller) {
      await scheduler.wait(10);
      chunks += 1;
      controller.enqueue(new TextEncoder().encode(`chunk ${chunks} `));
      if (chunks === 3) controller.close();
    },
  });
}

export class Thing extends DurableObject {
  target() {
    return new Named('result');
  }
  async passes(stub) {
    this.passed = await this.env.SERVICE.echo(stub);
    return [new Named('result')];
  }
  duplicates(stub) {
    this.duplicate = stub.dup();
    return [new Named('result')];
  }
  ignores() {
    return [new Named('result')];
  }
  disposable() {
    return disposable('result');
  }
  keep(stream) {
    this.stream = stream;
  }
  async readKept() {
    return (await attempt(() => new Response(this.stream).text())).text;
  }
}

/** What the entrypoint does with an object and with what it got; it disposes of nothing. */
const ways = {
  passes: (thing) => thing.passes(new RpcStub(new Named('service'))),
  'passes a target': (thing) => thing.passes(new Named('service')),
  duplicates: (thing) => thing.duplicates(new RpcStub(new Named('service'))),
  ignores: (thing) => thing.ignores(new RpcStub(new Named('service'))),
  disposable: (thing) => thing.disposable(),
  'duplicates what it got': (_, given) => void given.dup(),
  'sends a stream': (thing) => thing.target().then(() => thing.keep(slowly())),
  'sends a text': (thing) => thing.target().then(() => thing.keep(new Response('text').body)),
  'sends a stream to nobody': (thing) =>
    thing.target().then(() => thing.missing(slowly()).catch(() => {})),
};

const results = {
  number: () => 1,
  object: () => ({ n: 1 }),
  disposable: () => disposable('service result'),
  stream: () => slowly(),
};

export class Service extends WorkerEntrypoint {
  echo(value) {
    return value;
  }
  async go(way, result, given) {
    await ways[way](this.env.THING.getByName('thing'), given);
    if (result === 'error') throw new Error('fails');
    return results[result]();
  }
}

/** What a Worker has given out may end with its call, without a word. */
const disposals = async () => {
  await scheduler.wait(15);
  return log.filter((text) => !text.startsWith('service ')).join(', ');
};

async function run(env, way, result) {
  log = [];
  const promise = env.SERVICE.go(way, result, new Named('given'));
  const { text } = await attempt(async () => {
    const value = await promise;
    return value instanceof ReadableStream ? new Response(value).text() : typeof value;
  });
  const before = await disposals();
  promise[Symbol.dispose]();
  const kept = way.startsWith('sends a')
    ? await env.THING.getByName('thing').readKept()
    : undefined;
  return { [way]: text, before, then: await disposals(), kept };
}

const probes = {
  ...Object.fromEntries(
    ['number', 'object', 'disposable', 'stream', 'error'].map((result) => [
      result,
      async ({ env }) => {
        const out = [];
        for (const way of Object.keys(ways)) out.push(await run(env, way, result));
        return out;
      },
    ]),
  ),
  'keep-stream': ({ env }) => env.THING.getByName('kept').keep(slowly()),
  'keep-text': ({ env }) => env.THING.getByName('kept').keep(new Response('text').body),
  'keep-body': ({ env, body }) => env.THING.getByName('kept').keep(body),
  'read-kept': ({ env }) => env.THING.getByName('kept').readKept(),
};

export default {
  fetch: (request, env) => answer(probes, request, { env, body: request.body }),
};
