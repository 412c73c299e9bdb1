import { DurableObject, WorkerEntrypoint } from 'cloudflare:workers';
import { answer, attempt } from '../probe.js';

/* global IdentityTransformStream */

const probes = {
  async 'gives-up'({ T }) {
    const stub = T.getByName('gives-up');
    const failed = await attempt(() =>
      stub.fetch('http://do/hang', { signal: AbortSignal.timeout(50) }),
    );
    return [failed, await until(stub)];
  },
  async 'own-reason'({ T }) {
    const stub = T.getByName('own-reason');
    const controller = new AbortController();
    setTimeout(() => controller.abort(new RangeError('enough')), 30);
    const failed = await attempt(() => stub.fetch('http://do/hang', { signal: controller.signal }));
    return [failed, await until(stub)];
  },
  async 'aborted-before'({ T }) {
    const stub = T.getByName('aborted-before');
    const failed = await attempt(() =>
      stub.fetch('http://do/hang', { signal: AbortSignal.abort('too late') }),
    );
    await scheduler.wait(20);
    return [failed, await stub.list()];
  },
  async 'listener-calls'(_env, _request, { exports }) {
    const gone = { signal: AbortSignal.timeout(30) };
    const failed = await attempt(() => exports.Service.fetch('http://x/', gone));
    for (let i = 0; i < 100 && heard === undefined; i++) await scheduler.wait(10);
    return [failed, heard];
  },
  async 'cancels-body'({ T }) {
    const stub = T.getByName('cancels-body');
    const response = await stub.fetch('http://do/stream');
    const reader = response.body.getReader();
    const { value } = await reader.read();
    await reader.cancel();
    return [new TextDecoder().decode(value), await until(stub)];
  },
  async 'reads-all'({ T }) {
    const stub = T.getByName('reads-all');
    const text = await (await stub.fetch('http://do/plain')).text();
    await scheduler.wait(20);
    return [text, await stub.list()];
  },
  async 'signal-of-request'({ T }) {
    return (
      await T.getByName('signal').fetch('http://do/signal', {
        signal: new AbortController().signal,
      })
    ).text();
  },
  async 'object-survives'({ T }) {
    const stub = T.getByName('survives');
    await attempt(() => stub.fetch('http://do/hang', { signal: AbortSignal.timeout(20) }));
    return (await stub.fetch('http://do/plain')).text();
  },
};

async function until(stub) {
  for (let i = 0; i < 100 && (await stub.list()).length === 0; i++) await scheduler.wait(10);
  return stub.list();
}

let heard;

export class Service extends WorkerEntrypoint {
  async fetch(request) {
    request.signal.addEventListener('abort', () => {
      this.ctx.waitUntil(this.ctx.exports.Service.hear(AbortSignal.abort('given')));
    });
    await scheduler.wait(20_000);
  }

  hear(signal) {
    heard = signal.reason;
  }
}

export class Asked extends DurableObject {
  #notes = [];

  list() {
    return this.#notes;
  }

  async fetch(request) {
    const path = new URL(request.url).pathname.slice(1);
    const { signal } = request;
    signal.addEventListener('abort', () => {
      this.#notes.push(`${signal.aborted}: ${signal.reason?.name}: ${signal.reason?.message}`);
    });
    if (path === 'hang') await scheduler.wait(20_000);
    if (path === 'signal') return new Response(`${signal.constructor.name} ${signal.aborted}`);
    if (path !== 'stream') return new Response('answer');
    const { readable, writable } = new IdentityTransformStream();
    this.ctx.waitUntil(this.#write(writable));
    return new Response(readable);
  }

  async #write(writable) {
    const writer = writable.getWriter();
    await writer.write(new TextEncoder().encode('first'));
    await writer.write(new TextEncoder().encode('second')).catch(() => {});
  }
}

export default {
  fetch: (request, env, ctx) => answer(bind(ctx), request, env),
};

function bind(ctx) {
  const bound = Object.entries(probes).map(([name, probe]) => [
    name,
    (env, request) => probe(env, request, ctx),
  ]);
  return Object.fromEntries(bound);
}
