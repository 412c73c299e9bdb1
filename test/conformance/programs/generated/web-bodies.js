// Request, Response, Blob and File in an order that a seed determines: bodies of all kinds, read twice, locked, cloned, passed on, with
// valid and invalid options.
import { Random } from '../random.js';
import { Step, brief, line, run } from './steps.js';
import {
  addresses,
  bodies,
  caches,
  headerInits,
  makers,
  methods,
  redirects,
  statuses,
  texts,
} from './web-values.js';

const steps = 30;

const common = (message) => [message.bodyUsed, message.body === null, line([...message.headers])];
const shapeOf = (message) =>
  message instanceof Request
    ? [
        message.method,
        message.url,
        message.redirect,
        message.cache,
        message.cf,
        message.integrity,
        message.keepalive,
        ...common(message),
      ]
    : [
        message.status,
        message.statusText,
        message.ok,
        message.type,
        message.url,
        message.redirected,
        message.cf,
        ...common(message),
      ];

const readers = {
  text: (message) => message.text(),
  json: (message) => message.json(),
  arrayBuffer: (message) => message.arrayBuffer(),
  bytes: (message) => message.bytes(),
  async blob(message) {
    const blob = await message.blob();
    return [blob.type, blob.size, await blob.bytes()];
  },
  async formData(message) {
    const form = await message.formData();
    const entries = [...form].map(async ([name, value]) =>
      typeof value === 'string'
        ? [name, value]
        : [name, value.constructor.name, value.name, value.type, await value.text()],
    );
    return Promise.all(entries);
  },
};

class Bodies {
  log = [];
  #r;
  #messages = [
    new Response('first'),
    new Request('http://u.x/', { method: 'POST', body: 'second' }),
  ];

  #worn = new WeakSet();

  constructor(seed) {
    this.#r = new Random(seed);
  }

  async run() {
    for (let i = 0; i < steps; i++) this.log.push(await run(this.#any()));
    for (const message of this.#messages) this.log.push(line(shapeOf(message)));
  }

  /** @returns {[text: string, make: () => unknown]} */
  #body() {
    if (this.#r.chance(50)) {
      const text = this.#r.pick(bodies);
      return [brief([text]), () => text];
    }
    return this.#r.pick(Object.entries(makers));
  }

  #sometimes(percent, options) {
    return Object.entries(options).flatMap(([name, list]) =>
      this.#r.chance(percent) ? [[name, this.#r.pick(list)]] : [],
    );
  }

  #responseInit() {
    if (this.#r.chance(40)) return undefined;
    if (this.#r.chance(4)) return this.#r.pick([null, 5, 'x', [], () => {}]);
    return Object.fromEntries(
      this.#sometimes(35, {
        status: statuses,
        statusText: texts,
        headers: headerInits,
        cf: [{ a: 1 }, 5, null],
        encodeBody: ['manual', 'automatic', 'x'],
      }),
    );
  }

  #requestInit(body) {
    const options = this.#sometimes(25, {
      method: methods,
      headers: headerInits,
      redirect: redirects,
      cache: caches,
      cf: [{ a: 1 }, 5, null],
      integrity: ['', 'x'],
      signal: [null, {}, AbortSignal.abort()],
      keepalive: [true],
      mode: ['cors'],
    });
    if (this.#r.chance(50)) options.push(['method', this.#r.pick(['POST', 'PUT'])]);
    return [
      brief([Object.fromEntries(options)]),
      () =>
        Object.fromEntries(
          this.#r.chance(0) ? [] : body ? [...options, ['body', body()]] : options,
        ),
    ];
  }

  #put(text, i, make) {
    return new Step(`${i} = ${text}`, () => {
      this.#messages[i] = make();
      return shapeOf(this.#messages[i]);
    });
  }

  #make() {
    const r = this.#r;
    const i = r.below(2);
    const [name, body] = this.#body();
    return r.weighted([
      [
        6,
        () => {
          const init = this.#responseInit();
          return this.#put(
            `new Response(${name}, ${brief([init])})`,
            i,
            () => new Response(body(), init),
          );
        },
      ],
      [
        6,
        () => {
          const [text, init] = this.#requestInit(r.chance(60) && body);
          const input = r.chance(85) ? r.pick(addresses.slice(0, 2)) : r.pick(addresses);
          return this.#put(
            `new Request(${input}, ${text} ${name})`,
            i,
            () => new Request(input, init()),
          );
        },
      ],
      [
        2,
        () => {
          const [text, init] = this.#requestInit(r.chance(20) && body);
          const j = r.below(2);
          return this.#put(
            `new Request(${j}, ${text} ${name})`,
            i,
            () => new Request(this.#messages[j], init()),
          );
        },
      ],
      [
        2,
        () => {
          const j = r.below(2);
          return this.#put(`new Response(body of ${j}, ${j})`, i, () => {
            const from = this.#messages[j];
            // Two that share a body would show an engine's own order.
            const moved = new Response(from.body, from);
            this.#messages[j] = new Response('moved');
            return moved;
          });
        },
      ],
      [
        2,
        () => {
          const [value, init] = [
            r.pick([{ a: 1 }, 'x', null, [1], undefined]),
            this.#responseInit(),
          ];
          return this.#put(`Response.json(${brief([value, init])})`, i, () =>
            Response.json(value, init),
          );
        },
      ],
      [
        1,
        () => {
          const [url, status] = [
            r.pick(addresses),
            r.pick([undefined, 301, 308, 200, '302', null]),
          ];
          return this.#put(`Response.redirect(${brief([url, status])})`, i, () =>
            Response.redirect(url, status),
          );
        },
      ],
    ])();
  }

  #use() {
    const i = this.#r.below(2);
    const message = () => this.#messages[i];
    const [reader, read] = this.#r.pick(Object.entries(readers));
    const errors = reader === 'json' ? 'name' : 'text';
    /** What a stream that failed or was cancelled still does is an engine's own. */
    const onFresh = (act) => () => (this.#worn.has(message()) ? 'worn' : act(message()));
    const orWorn = (promise) =>
      promise.catch((error) => {
        this.#worn.add(message());
        throw error;
      });
    return this.#r.weighted([
      [8, () => new Step(`${i} ${reader}`, () => orWorn(read(message())), errors)],
      [
        2,
        () =>
          new Step(
            `${i} clone ${reader}`,
            onFresh((one) => orWorn(read(one.clone()))),
            errors,
          ),
      ],
      [
        1,
        () =>
          new Step(
            `clone of ${i}`,
            onFresh((one) => {
              this.#messages[1 - i] = one.clone();
              return shapeOf(this.#messages[1 - i]);
            }),
          ),
      ],
      [
        1,
        () =>
          new Step(
            `${i} getReader`,
            onFresh(async (one) => {
              const result = await orWorn(one.body?.getReader().read() ?? Promise.resolve({}));
              return result.done;
            }),
            'name',
          ),
      ],
      [
        1,
        () =>
          new Step(
            `${i} lock`,
            onFresh((one) => void one.body?.getReader()),
            'name',
          ),
      ],
      [
        1,
        () =>
          new Step(
            `${i} cancel`,
            onFresh((one) => {
              this.#worn.add(one);
              return one.body?.cancel('why');
            }),
            'name',
          ),
      ],
      [
        1,
        () =>
          new Step(
            `${i} tee`,
            onFresh((one) => {
              const halves = one.body?.tee() ?? [];
              return orWorn(Promise.all(halves.map((half) => new Response(half).text())));
            }),
            'name',
          ),
      ],
      [1, () => new Step(`${i} headers.set`, () => message().headers.set('x-set', 'v'))],
      [2, () => new Step(`${i} shape`, () => shapeOf(message()))],
    ])();
  }

  #blob() {
    const parts = this.#r.list(3, () =>
      this.#r.pick([
        'a',
        'é',
        'l\r\nm',
        new Uint8Array([1]),
        new Uint8Array([2, 3]).buffer,
        new Blob(['b']),
        5,
        null,
      ]),
    );
    const options = this.#r.pick([
      undefined,
      {},
      { type: 'A/B; c=D' },
      { type: 'é' },
      { type: 'a\u0000' },
    ]);
    const [from, to] = [
      this.#r.pick([undefined, 0, 1, -2, 99]),
      this.#r.pick([undefined, 0, 2, -1, 99]),
    ];
    const show = async (blob) => [blob.type, blob.size, await blob.bytes()];
    return this.#r.weighted([
      [
        2,
        () =>
          new Step(
            `new Blob(${brief([parts, options])})`,
            () => show(new Blob(parts, options)),
            'name',
          ),
      ],
      [
        2,
        () =>
          new Step(
            `slice(${brief([parts, from, to])})`,
            () => show(new Blob(parts, { type: 'x' }).slice(from, to, 'Y')),
            'name',
          ),
      ],
      [
        1,
        () =>
          new Step(
            `new File(${brief([parts, options])})`,
            async () => {
              const file = new File(parts, 'n/m', { lastModified: from, ...options });
              return [file.name, from === undefined || file.lastModified, ...(await show(file))];
            },
            'name',
          ),
      ],
      [
        1,
        () =>
          new Step(
            'new Blob() of what is no list',
            () => new Blob(this.#r.pick([5, 'x', {}, null])),
            'name',
          ),
      ],
    ])();
  }

  #any() {
    return this.#r.weighted([
      [8, () => this.#make()],
      [10, () => this.#use()],
      [2, () => this.#blob()],
    ])();
  }
}

export default {
  async fetch(request) {
    const bodies = new Bodies(Number(new URL(request.url).pathname.slice(1)));
    await bodies.run();
    return new Response(bodies.log.join('\n'));
  },
};
