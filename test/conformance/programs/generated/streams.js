// Readable, writable and transform streams in an order that a seed determines: what each call gives, what each source and sink is asked,
// and in which order.
import { DurableObject } from 'cloudflare:workers';
import { Random } from '../random.js';
import { encode, made, pair, readable, told, writable } from './stream-sources.js';

const steps = 25;
const views = [
  () => new Uint8Array(4),
  () => new Uint8Array(new ArrayBuffer(8), 2, 3),
  () => new DataView(new ArrayBuffer(4)),
  () => new Uint8Array(0),
  () => 'x',
];
const written = ['a', 'bc', 'defg'].map(encode);
const oddWritten = ['text', 5, undefined, null, new ArrayBuffer(2), new Uint16Array([1, 2]), {}];

/** Long enough that all that can happen has happened: what the streams wait for are timers, too. */
async function settled() {
  for (let i = 0; i < 8; i++) await scheduler.wait(0);
}

class Streams {
  log = [];
  #r;
  #env;
  #readables = [];
  #writables = [];
  #readers = [];
  #writers = [];
  #made = 0;
  #step = 0;
  /** How the calls ended whose promises settled in this step. @type {string[]} */
  #ended = [];
  #controllers = [];
  /** Streams that are teed: of others an engine's own times would be seen. */
  #divisible = new WeakSet();
  /** What these say while they are written to is an engine's own. */
  #identities = new WeakSet();
  /** A reader with a view of its own for others is refused, but not always by workerd. */
  #ofBytes = new WeakSet();
  /** What can be read as text: the end of others is an engine's own. */
  #bodies = new WeakSet();
  /** Readers that wait: on workerd most streams allow one read at a time. */
  #reading = new WeakSet();

  constructor(seed, env) {
    this.#r = new Random(seed);
    this.#env = env;
  }

  async run() {
    const list = Array.from({ length: steps }, (_, i) => (i < 3 ? this.#make() : this.#any()));
    for (const [text, act, isOwn = true] of list) {
      this.log.push(`${this.#step} ${text}`);
      this.#watch(`  ${this.#step++}`, act, isOwn);
      await settled();
      // What was asked of sources and sinks in the order of the calls; which of several promises is first is an engine's own.
      this.log.push(...this.#ended.splice(0).sort());
    }
  }

  #say = (line) => void this.log.push(line);

  /** Says how a call ends, whenever it does. */
  #watch(name, act, isOwn) {
    try {
      const result = act();
      if (typeof result?.then !== 'function') this.#ended.push(`${name} ${told(result)}`);
      else
        result.then(
          (value) => this.#ended.push(`${name} resolved ${told(value)}`),
          (error) => this.#ended.push(`${name} rejected ${isOwn ? told(error) : 'it'}`),
        );
    } catch (error) {
      this.#ended.push(`${name} threw ${told(error)}`);
    }
  }

  #make() {
    const r = this.#r;
    const i = r.below(2);
    const name = `${++this.#made}`;
    return r.weighted([
      [
        5,
        () => {
          const { text, make, isTeed, isBytes } = readable(r, name, this.#say);
          const reader = r.pick([undefined, undefined, {}, isBytes ? { mode: 'byob' } : {}]);
          return [
            `readable ${i} is ${name} ${text} ${reader && `reader ${i} ${reader.mode}`}`,
            () => {
              this.#readables[i] = make();
              if (isTeed) this.#divisible.add(this.#readables[i]);
              if (isBytes)
                for (const set of [this.#ofBytes, this.#bodies]) set.add(this.#readables[i]);
              if (reader) this.#readers[i] = this.#readables[i].getReader(reader);
            },
          ];
        },
      ],
      [
        3,
        () => {
          const [kind, make] = writable(r, name, this.#say);
          const hasWriter = r.chance(50);
          return [
            `writable ${i} is ${name} ${kind} ${hasWriter ? `writer ${i}` : ''}`,
            () => {
              this.#writables[i] = make();
              if (hasWriter) this.#writers[i] = this.#writables[i].getWriter();
            },
          ];
        },
      ],
      [
        4,
        () => {
          const [kind, make, isIdentity] = pair(r, name, this.#say);
          const isOpen = r.chance(60);
          return [
            `pair ${i} is ${name} ${kind} ${isOpen ? `reader ${i} writer ${i}` : ''}`,
            () => {
              const both = make();
              this.#readables[i] = both.readable;
              this.#writables[i] = both.writable;
              if (isIdentity)
                for (const side of [both.writable, both.readable]) this.#identities.add(side);
              if (isIdentity)
                for (const set of [this.#ofBytes, this.#bodies]) set.add(both.readable);
              if (!isOpen) return;
              this.#readers[i] = both.readable.getReader();
              this.#writers[i] = both.writable.getWriter();
              if (isIdentity) this.#identities.add(this.#writers[i]);
            },
          ];
        },
      ],
      [
        2,
        () => {
          const [kind, make] = made(r);
          const isBytes = !kind.startsWith('from');
          return [
            `readable ${i} is ${kind}`,
            () => {
              this.#readables[i] = make();
              if (isBytes) this.#bodies.add(this.#readables[i]);
            },
          ];
        },
      ],
    ])();
  }

  #read() {
    const r = this.#r;
    const i = r.below(2);
    const mode = r.pick([undefined, undefined, { mode: 'byob' }, { mode: 'x' }, {}]);
    const view = r.pick(views);
    const reader = () => this.#readers[i];
    return r.weighted([
      [
        4,
        () => [
          `reader ${i} (${mode?.mode})`,
          () => {
            const stream = this.#readables[i];
            if (mode?.mode === 'byob' && !this.#ofBytes.has(stream)) return 'not now';
            this.#readers[i] = stream?.getReader(mode);
          },
        ],
      ],
      [
        10,
        () => [
          `read ${i} ${told(view())}`,
          async () => {
            const one = reader();
            if (one === undefined || this.#reading.has(one)) return 'not now';
            this.#reading.add(one);
            try {
              const isByob = one instanceof ReadableStreamBYOBReader;
              return await (isByob ? one.read(view()) : one.read());
            } finally {
              this.#reading.delete(one);
            }
          },
        ],
      ],
      [2, () => [`release reader ${i}`, () => this.#atRest(i)?.releaseLock()]],
      [
        1,
        () => [
          `reader ${i} closed`,
          () => (this.#bodies.has(this.#readables[i]) ? 'not now' : reader()?.closed),
        ],
      ],
      [1, () => [`cancel reader ${i}`, () => this.#take(i) && this.#atRest(i)?.cancel('why')]],
      [1, () => [`cancel readable ${i}`, () => this.#take(i)?.cancel(new Error('own why'))]],
      [1, () => [`readable ${i} locked`, () => this.#readables[i]?.locked]],
    ])();
  }

  #write() {
    const r = this.#r;
    const i = r.below(2);
    const chunk = r.chance(85) ? r.pick(written) : r.pick(oddWritten);
    const isBytes = written.includes(chunk);
    const writer = () => this.#writers[i];
    return r.weighted([
      [
        4,
        () => [
          `writer ${i}`,
          () => {
            this.#writers[i] = this.#writables[i]?.getWriter();
            if (this.#identities.has(this.#writables[i])) this.#identities.add(this.#writers[i]);
          },
        ],
      ],
      [
        8,
        () => [
          `write ${i} ${told(chunk)}`,
          () => (isBytes || !this.#isIdentity(i) ? writer()?.write(copied(chunk)) : 'not now'),
        ],
      ],
      [2, () => [`close writer ${i}`, () => writer()?.close()]],
      [1, () => [`abort writer ${i}`, () => writer()?.abort(new Error('own abort'))]],
      [
        2,
        () => [`desiredSize ${i}`, () => (this.#isIdentity(i) ? 'not now' : writer()?.desiredSize)],
      ],
      [1, () => [`ready ${i}`, () => (this.#isIdentity(i) ? 'not now' : writer()?.ready)]],
      [1, () => [`closed ${i}`, () => (this.#isIdentity(i) ? 'not now' : writer()?.closed)]],
      [1, () => [`release writer ${i}`, () => writer()?.releaseLock()]],
      [1, () => [`abort writable ${i}`, () => this.#writables[i]?.abort(new Error('own why'))]],
      [1, () => [`close writable ${i}`, () => this.#writables[i]?.close()]],
      [1, () => [`writable ${i} locked`, () => this.#writables[i]?.locked]],
    ])();
  }

  #join() {
    const r = this.#r;
    const i = r.below(2);
    const j = 1 - i;
    const options = {};
    for (const name of ['preventClose', 'preventAbort', 'preventCancel'])
      if (r.chance(20)) options[name] = true;
    if (r.chance(20)) options.signal = 'later';
    const given = () => {
      if (options.signal !== 'later') return options;
      this.#controllers.push(new AbortController());
      return { ...options, signal: this.#controllers.at(-1).signal };
    };
    const text = Object.keys(options);
    return r.weighted([
      [3, () => [`pipe ${i} to ${j} ${text}`, () => this.#pipe(i, j, given())]],
      [
        2,
        () => {
          const [kind, make] = pair(r, `${++this.#made}`, this.#say);
          return [
            `pipe ${i} through ${kind} ${text}`,
            () => {
              const stream = this.#readables[i];
              if (stream && !this.#identities.has(stream))
                this.#readables[i] = stream.pipeThrough(make(), given());
            },
          ];
        },
      ],
      [1, () => ['abort pipes', () => this.#controllers.pop()?.abort(new Error('own signal'))]],
      [
        2,
        () => [
          `tee ${i}`,
          () => {
            const stream = this.#readables[i];
            if (this.#divisible.has(stream)) this.#readables = stream.tee();
          },
        ],
      ],
    ])();
  }

  /** From one identity stream to another is refused by workerd, in some situations. */
  #pipe(i, j, options) {
    const [from, to] = [this.#take(i), this.#writables[j]];
    return this.#identities.has(from) && this.#identities.has(to)
      ? 'not now'
      : from?.pipeTo(to, options);
  }

  #isIdentity(i) {
    return this.#writers[i] !== undefined && this.#identities.has(this.#writers[i]);
  }

  /** A reader that waits for nothing. */
  #atRest(i) {
    return this.#reading.has(this.#readers[i]) ? undefined : this.#readers[i];
  }

  /** One that was sent or cancelled: what it is then is an engine's own. */
  #take(i) {
    const stream = this.#readables[i];
    this.#readables[i] = undefined;
    return stream;
  }

  #consume() {
    const r = this.#r;
    const i = r.below(2);
    const stop = r.below(3);
    const preventCancel = r.chance(50);
    const stream = () => (this.#bodies.has(this.#readables[i]) ? this.#readables[i] : undefined);
    return r.weighted([
      [
        3,
        () => [
          `iterate ${i} ${stop} ${preventCancel}`,
          async () => {
            const seen = [];
            for await (const chunk of this.#take(i)?.values({ preventCancel }) ?? []) {
              seen.push(chunk);
              if (preventCancel && seen.length > stop) break;
            }
            return seen;
          },
        ],
      ],
      [2, () => [`text of ${i}`, () => stream() && new Response(stream()).text()]],
      [
        1,
        () => [
          `body of ${i}`,
          () => void (stream() && (this.#readables[i] = new Response(stream()).body)),
        ],
      ],
      [
        1,
        () => [
          `${i} over RPC`,
          () => stream() && this.#env.OBJECT.getByName('o').read(this.#take(i)),
        ],
      ],
      [
        1,
        () => [
          `${i} through an object`,
          async () =>
            stream() &&
            new Response(await this.#env.OBJECT.getByName('o').echo(this.#take(i))).text(),
        ],
      ],
    ])();
  }

  #any() {
    return this.#r.weighted([
      [7, () => this.#make()],
      [9, () => this.#read()],
      [8, () => [...this.#write(), false]],
      [4, () => [...this.#join(), false]],
      [3, () => this.#consume()],
    ])();
  }
}

const copied = (chunk) => (chunk instanceof Uint8Array ? chunk.slice() : chunk);

export class Thing extends DurableObject {
  read(stream) {
    return new Response(stream).text();
  }
  echo(stream) {
    return stream;
  }
}

export default {
  async fetch(request, env) {
    const streams = new Streams(Number(new URL(request.url).pathname.slice(1)), env);
    await streams.run();
    return new Response(streams.log.join('\n'));
  },
};
