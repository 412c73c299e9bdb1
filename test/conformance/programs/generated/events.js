// Events, signals, clones and timers in an order that a seed determines: who hears what, in which order, and what is thrown.
import { Random } from '../random.js';
import { Step, brief, run } from './steps.js';

const steps = 30;
const types = ['a', 'b', 'abort', 'error'];
const reasons = [undefined, 'why', null, 5, new Error('own'), new DOMException('d', 'DataError')];
/** 0 and 1 are the same in Node; on workerd, nothing is later than 0. */
const delays = [0, 15, null, '15', -1, NaN];

/** The text of a signal's own reason is the engine's. */
const told = (reason) => (reason instanceof DOMException ? reason.name : brief([reason]));

/** Values that structuredClone() takes or refuses, and what can be handed over with them. */
const clonable = {
  object: () => [{ a: [1, new Date(5), /x/g], m: new Map([['k', new Set([1])]]) }],
  bytes: () => [new Uint8Array([1, 2, 3])],
  'bytes handed over': () => {
    const bytes = new Uint8Array([1, 2, 3]);
    return [{ bytes }, { transfer: [bytes.buffer] }];
  },
  'no list': () => [1, { transfer: 5 }],
  'no options': () => [1, 5],
  'null options': () => [1, null],
  function: () => [() => {}],
  symbol: () => [Symbol('s')],
  error: () => [Object.assign(new RangeError('own', { cause: 1 }), { extra: 1 })],
  cycle: () => {
    const one = {};
    one.self = one;
    return [one];
  },
  exception: () => [new DOMException('x', 'DataError')],
  nothing: () => [],
  undefined: () => [undefined],
  boxed: () => [[Object(1n), Object('s'), Object(true)]],
};

/** Until all timers of a step have run. */
async function passed() {
  for (let i = 0; i < 4; i++) await scheduler.wait(5);
}

class Events {
  log = [];
  #r;
  #targets = [new EventTarget(), new (class Own extends EventTarget {})()];
  #listeners = [];
  #controllers = [new AbortController(), new AbortController()];
  #signals = [];
  #timers = 0;
  #said = [];

  constructor(seed) {
    this.#r = new Random(seed);
    this.#signals = [this.#controllers[0].signal, this.#controllers[1].signal];
  }

  async run() {
    const list = Array.from({ length: steps }, () => this.#any());
    for (const step of list) {
      this.log.push(await run(step), ...this.#said.splice(0));
    }
  }

  #say = (line) => void this.#said.push(`  ${line}`);

  #listener(name) {
    const how = this.#r.below(12);
    const heard = (event) => {
      const { type, cancelable, defaultPrevented, bubbles, composed } = event;
      this.#say(
        `${name} hears ${brief([type, cancelable, defaultPrevented, bubbles, composed, event.detail])}`,
      );
      if (how === 1) event.stopImmediatePropagation();
      if (how === 2) event.preventDefault();
      if (how === 3) event.stopPropagation();
      return false;
    };
    return how > 8 ? { handleEvent: heard } : heard;
  }

  #addOptions() {
    const r = this.#r;
    if (r.chance(35)) return [];
    if (r.chance(20)) return [r.pick([false, undefined])];
    const options = {};
    if (r.chance(40)) options.once = true;
    if (r.chance(20)) options.capture = false;
    if (r.chance(20)) options.passive = true;
    return [options];
  }

  #listening() {
    const r = this.#r;
    const i = r.below(2);
    const type = r.pick(types);
    const n = this.#listeners.length;
    const options = this.#addOptions();
    if (n === 0 || r.chance(50)) this.#listeners.push(this.#listener(n));
    const at = r.below(this.#listeners.length);
    const signal = r.chance(15) ? r.below(2) : undefined;
    return r.weighted([
      [
        6,
        () =>
          new Step(`add ${at} to ${i} for ${type} ${brief(options)} ${signal}`, () =>
            this.#targets[i].addEventListener(
              type,
              this.#listeners[at],
              ...(signal === undefined
                ? options
                : [{ ...options[0], signal: this.#signals[signal] }]),
            ),
          ),
      ],
      [
        2,
        () =>
          new Step(`remove ${at} from ${i} for ${type} ${brief(options)}`, () =>
            this.#targets[i].removeEventListener(type, this.#listeners[at], ...options),
          ),
      ],
    ])();
  }

  #dispatch() {
    const r = this.#r;
    const i = r.below(2);
    const type = r.pick([...types, '', 5]);
    const init = r.pick([undefined, {}, { cancelable: true }, { bubbles: true, composed: true }]);
    const make = r.pick([
      ['Event', () => new Event(type, init)],
      ['CustomEvent', () => new CustomEvent(type, { ...init, detail: { d: 1 } })],
      ['MessageEvent', () => new MessageEvent(type, { data: 5 })],
      ['no event', () => ({ type })],
    ]);
    return new Step(
      `dispatch ${make[0]} ${type} ${brief([init])} to ${i}`,
      () => {
        const event = make[1]();
        this.#targets[i].dispatchEvent(event);
        return [
          event.target === this.#targets[i],
          event.defaultPrevented,
          event.composedPath?.().length,
        ];
      },
      'name',
    );
  }

  #signal() {
    const r = this.#r;
    const i = r.below(2);
    const given = r.chance(30) ? [] : [r.pick(reasons)];
    const shown = (signal) => [signal.aborted, told(signal.reason)];
    return r.weighted([
      [
        3,
        () =>
          new Step(`abort ${i} ${brief(given)}`, () => void this.#controllers[i].abort(...given)),
      ],
      [
        2,
        () =>
          new Step(`controller ${i}`, () => {
            this.#controllers[i] = new AbortController();
            this.#signals[i] = this.#controllers[i].signal;
            this.#signals[i].addEventListener('abort', (event) =>
              this.#say(`signal of ${i}: ${event.type} ${told(event.target.reason)}`),
            );
          }),
      ],
      [
        2,
        () => {
          const list = r.list(3, () => r.below(2));
          return new Step(`signal ${i} is any of ${list}`, () => {
            this.#signals[i] = AbortSignal.any(list.map((n) => this.#signals[n]));
            this.#signals[i].onabort = (event) => this.#say(`any ${list}: ${event.type}`);
            return shown(this.#signals[i]);
          });
        },
      ],
      [
        1,
        () =>
          new Step(`signal ${i} is aborted ${brief(given)}`, () =>
            shown(AbortSignal.abort(...given)),
          ),
      ],
      [
        1,
        () =>
          new Step(`signal ${i} has a timeout`, async () => {
            this.#signals[i] = AbortSignal.timeout(1);
            this.#signals[i].onabort = (event) => this.#say(`timeout ${told(event.target.reason)}`);
            await passed();
            return shown(this.#signals[i]);
          }),
      ],
      [2, () => new Step(`signal ${i}`, () => shown(this.#signals[i]))],
      [2, () => new Step(`throwIfAborted ${i}`, () => this.#signals[i].throwIfAborted(), 'name')],
      [
        1,
        () => new Step('odd signals', () => AbortSignal.any(r.pick([[5], 5, undefined])), 'name'),
      ],
      [
        2,
        () =>
          // What it rejects with is an Error on workerd, whatever the reason.
          new Step(`wait with signal ${i}`, () =>
            scheduler.wait(2, { signal: this.#signals[i] }).catch(() => 'aborted'),
          ),
      ],
    ])();
  }

  #clone() {
    const [name, make] = this.#r.pick(Object.entries(clonable));
    return new Step(
      `clone ${name}`,
      () => {
        const args = make();
        const clone = structuredClone(...args);
        const bytes = args[0]?.bytes;
        return [brief([clone]), clone?.constructor?.name, clone === args[0], bytes?.byteLength];
      },
      'name',
    );
  }

  #timer() {
    const r = this.#r;
    const delay = r.pick(delays);
    const n = ++this.#timers;
    return r.weighted([
      [
        4,
        () => {
          const list = r.list(3, () => [r.pick(delays), r.list(2, () => r.pick(['x', 5]))]);
          const cleared = r.chance(40) ? r.below(3) : -1;
          return new Step(`timeouts ${brief(list)}, not ${cleared}`, async () => {
            const handles = list.map(([ms, args], at) =>
              setTimeout((...got) => this.#say(`timeout ${at} ${got}`), ms, ...args),
            );
            clearTimeout(handles[cleared]);
            await passed();
            return handles.map((handle) => typeof handle);
          });
        },
      ],
      [
        1,
        () =>
          new Step(
            'clear odd',
            () => clearTimeout(r.pick([undefined, null, 5e5, 'x', {}])),
            'name',
          ),
      ],
      [
        1,
        () =>
          new Step(
            'timeout of nothing',
            () => typeof setTimeout(r.pick([undefined, 'text', {}]), 0),
            'name',
          ),
      ],
      [
        1,
        () =>
          new Step(`interval ${n}`, async () => {
            let left = 2;
            const handle = setInterval(() => {
              this.#say(`interval ${n}`);
              if (--left === 0) clearInterval(handle);
            }, 1);
            await passed();
          }),
      ],
      [
        2,
        () =>
          new Step(`microtasks ${n}`, () => {
            queueMicrotask(() => this.#say(`microtask ${n}`));
            Promise.resolve().then(() => this.#say(`promise ${n}`));
          }),
      ],
      [
        1,
        () => new Step('odd microtask', () => queueMicrotask(r.pick([5, undefined, {}])), 'name'),
      ],
      [1, () => new Step(`wait ${brief([delay])}`, () => scheduler.wait(delay), 'name')],
      [
        1,
        () =>
          new Step('clocks', () => [
            typeof performance.now(),
            performance.timeOrigin >= 0,
            performance.now() <= Date.now(),
            typeof performance.toJSON,
          ]),
      ],
    ])();
  }

  #any() {
    return this.#r.weighted([
      [6, () => this.#listening()],
      [5, () => this.#dispatch()],
      [6, () => this.#signal()],
      [3, () => this.#clone()],
      [5, () => this.#timer()],
    ])();
  }
}

export default {
  async fetch(request) {
    const events = new Events(Number(new URL(request.url).pathname.slice(1)));
    await events.run();
    return new Response(events.log.join('\n'));
  },
};
