/* global FixedLengthStream, IdentityTransformStream */
// Bodies of requests and responses as a seed determines them: how the Worker, or an object behind it, takes the one and gives the other.
// What happened to each part of a request is written down in a line of its own; the order between parts is nobody's promise.
import { DurableObject } from 'cloudflare:workers';
import { attempt, show } from '../probe.js';

/** What happened, by the name of the exchange: part -> notes. @type {Map<string, Map<string, string[]>>} */
const logs = new Map();

const noteIn = (name, place) => (part, text) => {
  if (!logs.has(name)) logs.set(name, new Map());
  const parts = logs.get(name);
  const key = `${place} ${part}`;
  parts.set(key, [...(parts.get(key) ?? []), text]);
};

const line = (value) => show(value).replaceAll(/\n */g, ' ');
const brief = (text) => (text.length < 60 ? text : `${text.slice(0, 20)}… ${text.length}`);

/** Text of a stream, and how it ended. */
async function drain(stream, note, part) {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of stream) text += decoder.decode(chunk, { stream: true });
    note(part, `read ${brief(text)}`);
  } catch (error) {
    note(part, `read ${brief(text)}, then ${line(error)}`);
  }
}

/** @param {{text: string, ms: number}[]} pieces */
async function write(writable, { pieces, breaks }, note) {
  const writer = writable.getWriter();
  try {
    for (const { text, ms } of pieces) {
      if (ms > 0) await scheduler.wait(ms);
      await writer.write(new TextEncoder().encode(text));
    }
    if (breaks) await writer.abort(new RangeError('broken off'));
    else await writer.close();
    note('write', 'all');
  } catch (error) {
    note('write', line(error));
  }
}

function pulled({ pieces, breaks }, note) {
  const left = [...pieces];
  return new ReadableStream({
    async pull(controller) {
      if (left.length === 0) {
        note('pull', 'all');
        return breaks ? controller.error(new RangeError('broken off')) : controller.close();
      }
      const { text, ms } = left.shift();
      if (ms > 0) await scheduler.wait(ms);
      controller.enqueue(new TextEncoder().encode(text));
    },
    cancel(reason) {
      note('pull', `cancelled ${line(reason)}`);
    },
  });
}

class Taker {
  constructor(place, plan, env, waitUntil) {
    this.note = noteIn(plan.name, place);
    this.plan = plan;
    this.env = env;
    this.waitUntil = waitUntil;
  }

  async answer(request) {
    const { note, plan } = this;
    if (plan.hears !== false)
      request.signal.addEventListener('abort', () => note('signal', line(request.signal.reason)));
    if (plan.later) {
      this.waitUntil(scheduler.wait(plan.later).then(() => note('later', 'waited')));
    }
    const body = await this.#take(request);
    note('answer', 'made');
    return body instanceof Response ? body : this.#respond(body);
  }

  /** @returns the body of the answer, or all of it; undefined: as planned */
  async #take(request) {
    const { note, plan } = this;
    const { body } = request;
    if (body === null) note('take', 'no body');
    switch (plan.takes) {
      case 'text':
        note('take', brief((await attempt(() => request.text())).text));
        return undefined;
      case 'drain':
        if (body) await drain(body, note, 'take');
        return undefined;
      case 'cancel': {
        if (!body) return undefined;
        const reader = body.getReader();
        const first = await attempt(async () => (await reader.read()).done);
        note('take', `first ${first.text}; ${(await attempt(() => reader.cancel('enough'))).text}`);
        return undefined;
      }
      case 'later':
        if (body) this.waitUntil(drain(body, note, 'take'));
        return undefined;
      case 'tee':
        if (body)
          await Promise.all(body.tee().map((branch, i) => drain(branch, note, `branch ${i}`)));
        return undefined;
      case 'clone': {
        const texts = await Promise.all([
          attempt(() => request.clone().text()),
          attempt(() => request.text()),
        ]);
        for (const [i, { text }] of texts.entries()) note(`copy ${i}`, brief(text));
        return undefined;
      }
      case 'echo':
        return body ?? 'nothing';
      case 'through':
        return body?.pipeThrough(new IdentityTransformStream()) ?? 'nothing';
      case 'pump': {
        if (!body) return 'nothing';
        const { readable, writable } = new IdentityTransformStream();
        this.waitUntil(attempt(() => body.pipeTo(writable)).then(({ text }) => note('pump', text)));
        return readable;
      }
      case 'object':
        return this.#object().fetch(`http://do/?plan=${encoded(plan.inner)}`, request);
      case 'argument':
        return (await attempt(() => this.#object().take(plan.inner, body))).text;
      case 'result':
        return this.#object().give(plan.inner);
      default:
        return undefined;
    }
  }

  #object() {
    return this.env.OBJECT.getByName(this.plan.name);
  }

  #respond(body) {
    const { status, gives } = this.plan;
    const init = { status, headers: { 'X-Answer': 'yes' } };
    const hasNone = status === 204 || status === 304;
    return new Response(hasNone ? null : (body ?? this.body(gives)), init);
  }

  body(gives) {
    const text = gives.pieces.map((piece) => piece.text).join('');
    switch (gives.kind) {
      case 'text':
        return text;
      case 'pulled':
        return pulled(gives, this.note);
      case 'written': {
        const { readable, writable } = new IdentityTransformStream();
        this.waitUntil(write(writable, gives, this.note));
        return readable;
      }
      case 'fixed': {
        const { readable, writable } = new FixedLengthStream(text.length);
        this.waitUntil(write(writable, gives, this.note));
        return readable;
      }
      default:
        return null;
    }
  }
}

const encoded = (plan) => encodeURIComponent(JSON.stringify(plan));
const planOf = (url) => JSON.parse(new URL(url).searchParams.get('plan'));

export class Behind extends DurableObject {
  #taker(plan) {
    return new Taker('object', plan, this.env, (promise) => this.ctx.waitUntil(promise));
  }

  fetch(request) {
    return this.#taker(planOf(request.url)).answer(request);
  }

  async take(plan, body) {
    const { note } = this.#taker(plan);
    if (body) await drain(body, note, 'argument');
    return 'taken';
  }

  give(plan) {
    return this.#taker(plan).body({ ...plan.gives, kind: 'pulled' });
  }
}

export default {
  async fetch(request, env, ctx) {
    const { pathname } = new URL(request.url);
    const [, name, what] = pathname.split('/');
    if (what === 'log') {
      const parts = [...(logs.get(name) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
      return new Response(parts.map(([part, notes]) => `${part}: ${notes.join('; ')}`).join('\n'));
    }
    return new Taker('Worker', planOf(request.url), env, (promise) =>
      ctx.waitUntil(promise),
    ).answer(request);
  },
};
