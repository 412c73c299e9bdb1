// Headers, URLSearchParams, FormData and URL in an order that a seed determines: valid and invalid arguments, iterators that go on
// while the list changes, lists made of others.
import { Random } from '../random.js';
import { Step, brief, line, run } from './steps.js';

const steps = 40;

const names = [
  'a',
  'A',
  'b',
  'x-a',
  'set-cookie',
  'Set-Cookie',
  'content-type',
  'x y',
  'a:',
  '__proto__',
  'z',
];
const values = [
  '',
  '1',
  ' v ',
  'é',
  '\u0100',
  '😀',
  'a\nb',
  'a\0',
  '\t',
  'a, b',
  'a=1; Path=/',
  '%41+%',
  'x&y=z',
];
const oddValues = [null, undefined, 5, true, {}, ['q', 'r'], 10n, -0, Symbol('s')];
const urls = [
  'http://u.x/p?a=1&b=2#h',
  'https://user:pw@h.x:8080/a/../b/./c?q#f',
  'HTTP://EXAMPLE.com:80',
  'http://ex ample/',
  'http://[::1]:3000/',
  'http://bücher.example/ü?ü#ü',
  'mailto:a@b',
  'data:text/plain,x',
  'http://1.2.3/',
  'http://256.1/',
  '//h/p',
  'p?q',
  '',
  'http://h/%zz',
  'http://h/\ud800',
  'file:///c:/x',
  'blob:http://h/x',
  'http://h:99999/',
  'http://a..b/',
  'http://%41/',
  'javascript:1',
  'http://h?a=%C3%A9+b',
];
const parts = [
  'href',
  'protocol',
  'username',
  'password',
  'host',
  'hostname',
  'port',
  'pathname',
  'search',
  'hash',
];
const partValues = [
  '',
  'x',
  'https',
  'https:',
  'ftp',
  '8080',
  '443',
  '99999',
  '1a',
  '/a b/c',
  '?a=é',
  '#é',
  'h:1',
  'ü.x',
  'a@b',
  '::',
  '/../x',
  'http://n.x/',
  ' ',
  '\ud800',
];
/** Other names are refused by Holdfast, as the standard has it; workerd takes them. */
const withAsciiNames = (init) =>
  init instanceof URLSearchParams && [...init.keys()].some((name) => /[^ -~]/.test(name))
    ? {}
    : init;
const flat = (result) => result && [result.done, result.value];
const contents = (list) => line([...list]);

class Lists {
  log = [];
  #r;
  #headers = [new Headers(), new Headers({ a: '1' })];
  #params = [new URLSearchParams(), new URLSearchParams('a=1&b=2&a=3')];
  #forms = [new FormData(), new FormData()];
  #urls = [new URL('http://u.x/p?a=1')];
  #iterators = [];

  constructor(seed) {
    this.#r = new Random(seed);
  }

  async run() {
    for (let i = 0; i < steps; i++) this.log.push(await run(this.#any()));
    for (const list of [...this.#headers, ...this.#params, ...this.#forms])
      this.log.push(contents(list));
    for (const url of this.#urls) this.log.push(url.href);
  }

  #name() {
    return this.#r.chance(92) ? this.#r.pick(names) : this.#r.pick(oddValues);
  }

  #value() {
    return this.#r.chance(85) ? this.#r.pick(values) : this.#r.pick(oddValues);
  }

  #file() {
    return this.#r.pick([
      new Blob(['blob'], { type: 'text/x' }),
      new File(['file'], 'f.txt', { type: 'A/B', lastModified: 5 }),
      new Blob([]),
    ]);
  }

  #pairs() {
    return this.#r.list(3, () => {
      const name = this.#name();
      return this.#r.chance(95)
        ? [name, this.#value()]
        : this.#r.pick([[], [name], [name, 'x', 'y']]);
    });
  }

  #init() {
    return this.#r.weighted([
      [3, () => this.#pairs()],
      [3, () => Object.fromEntries(this.#pairs().filter(([name]) => typeof name === 'string'))],
      [2, () => this.#r.pick(['', 'a=1', '?b=2&&c', 'a', 'e=%C3%A9&x=%zz', '+a=b+c'])],
      [2, () => this.#r.pick(this.#headers)],
      [2, () => this.#r.pick(this.#params)],
      [1, () => new Map(this.#pairs())],
      [1, () => this.#r.pick(this.#forms)],
      [
        2,
        () =>
          this.#r.pick([
            ...oddValues.slice(1),
            'ab',
            [['a']],
            [[]],
            ['ab'],
            [5],
            new Set([['a', 'b']]),
          ]),
      ],
    ])();
  }

  #on(kind, errors) {
    const i = this.#r.below(2);
    const list = () => this[kind][i];
    return (method, args) =>
      new Step(`${kind} ${i} ${method}(${brief(args)})`, () => list()[method](...args), errors);
  }

  #call(kind, errors) {
    const call = this.#on(kind, errors);
    const odd = this.#r.chance(4);
    const args = (count, make) => (odd ? make().slice(0, this.#r.below(count)) : make());
    return this.#r.weighted([
      [
        3,
        () =>
          call(
            'get',
            args(1, () => [this.#name()]),
          ),
      ],
      [
        2,
        () =>
          call(
            'getAll',
            args(1, () => [this.#name()]),
          ),
      ],
      [
        2,
        () =>
          call(
            'has',
            args(1, () => (this.#r.chance(30) ? [this.#name(), this.#value()] : [this.#name()])),
          ),
      ],
      [
        4,
        () =>
          call(
            'set',
            args(2, () => [this.#name(), this.#value()]),
          ),
      ],
      [
        6,
        () =>
          call(
            'append',
            args(2, () => [this.#name(), this.#value()]),
          ),
      ],
      [
        2,
        () =>
          call(
            'delete',
            args(1, () => (this.#r.chance(20) ? [this.#name(), this.#value()] : [this.#name()])),
          ),
      ],
    ])();
  }

  #iterate(kind) {
    const i = this.#r.below(2);
    const method = this.#r.pick(['entries', 'keys', 'values', Symbol.iterator]);
    const at = this.#r.below(3);
    return this.#r.weighted([
      [
        3,
        () =>
          new Step(`open ${at} ${kind} ${i} ${String(method)}`, () => {
            this.#iterators[at] = this[kind][i][method]();
          }),
      ],
      [6, () => new Step(`next ${at}`, () => flat(this.#iterators[at]?.next()))],
      [1, () => new Step(`rest ${at}`, () => this.#iterators[at] && [...this.#iterators[at]])],
      [
        2,
        () =>
          new Step(`${kind} ${i} forEach`, () => {
            const seen = [];
            this[kind][i].forEach(function (value, name, list) {
              seen.push([name, value, this, list === undefined]);
            }, 7);
            return seen;
          }),
      ],
      [
        1,
        () =>
          new Step(`${kind} ${i} forEach deletes`, () => {
            const seen = [];
            this[kind][i].forEach((value, name, list) => {
              seen.push(name);
              list.delete(name);
            });
            return seen;
          }),
      ],
      [
        1,
        () =>
          new Step(
            `${kind} ${i} forEach()`,
            () => this[kind][i].forEach(this.#r.pick([5, undefined, null])),
            kind === '_headers' ? 'text' : 'name',
          ),
      ],
      [1, () => new Step(`${kind} ${i} contents`, () => contents(this[kind][i]))],
    ])();
  }

  #headersStep() {
    const i = this.#r.below(2);
    return this.#r.weighted([
      [10, () => this.#call('_headers', 'text')],
      [2, () => new Step(`getSetCookie ${i}`, () => this.#headers[i].getSetCookie())],
      [
        3,
        () => {
          const init = this.#init();
          return new Step(`new Headers(${brief([init])})`, () => {
            this.#headers[i] = new Headers(withAsciiNames(init));
            return contents(this.#headers[i]);
          });
        },
      ],
      [5, () => this.#iterate('_headers')],
    ])();
  }

  #paramsStep() {
    const i = this.#r.below(2);
    return this.#r.weighted([
      [10, () => this.#call('_params', 'name')],
      [1, () => new Step(`sort ${i}`, () => this.#params[i].sort())],
      [2, () => new Step(`text ${i}`, () => [String(this.#params[i]), this.#params[i].size])],
      [
        3,
        () => {
          const init = this.#init();
          return new Step(
            `new URLSearchParams(${brief([init])})`,
            () => {
              this.#params[i] = new URLSearchParams(init);
              return contents(this.#params[i]);
            },
            'name',
          );
        },
      ],
      [
        1,
        () =>
          new Step(
            `params ${i} of the URL`,
            () => void (this.#params[i] = this.#urls[0].searchParams),
          ),
      ],
      [5, () => this.#iterate('_params')],
    ])();
  }

  #formStep() {
    const i = this.#r.below(2);
    const method = this.#r.pick(['append', 'set']);
    const args = [
      this.#name(),
      ...(this.#r.chance(70)
        ? [this.#file(), ...this.#r.list(1, () => this.#value())]
        : [this.#value()]),
    ];
    return this.#r.weighted([
      [6, () => this.#call('_forms', 'text')],
      [
        4,
        () =>
          new Step(
            `form ${i} ${method}(${brief(args)})`,
            () => this.#forms[i][method](...args),
            'name',
          ),
      ],
      [
        2,
        () =>
          new Step(`form ${i} files`, () =>
            Promise.all(
              [...this.#forms[i]].map(async ([name, value]) =>
                typeof value === 'string'
                  ? [name, value]
                  : [
                      name,
                      value.constructor.name,
                      value.name,
                      value.type,
                      value.size,
                      await value.text(),
                    ],
              ),
            ),
          ),
      ],
      [1, () => new Step(`new FormData ${i}`, () => void (this.#forms[i] = new FormData()))],
      [4, () => this.#iterate('_forms')],
    ])();
  }

  #urlStep() {
    const [url, base] = [this.#r.pick(urls), this.#r.pick([undefined, ...urls])];
    const [part, value] = [
      this.#r.pick(parts),
      this.#r.pick(this.#r.chance(95) ? partValues : oddValues),
    ];
    return this.#r.weighted([
      [
        3,
        () =>
          new Step(
            `new URL(${brief([url, base])})`,
            () => {
              this.#urls[0] = new URL(url, base);
              return this.#urls[0].href;
            },
            'name',
          ),
      ],
      [
        1,
        () =>
          new Step(`URL.canParse(${brief([url, base])})`, () => [
            URL.canParse(url, base),
            URL.parse(url, base)?.href,
          ]),
      ],
      [
        4,
        () =>
          new Step(
            `url.${part} = ${brief([value])}`,
            () => {
              this.#urls[0][part] = value;
              return this.#urls[0].href;
            },
            'name',
          ),
      ],
      [2, () => new Step('parts', () => [...parts, 'origin'].map((name) => this.#urls[0][name]))],
      [
        1,
        () =>
          new Step('json', () => [
            JSON.stringify(this.#urls[0]),
            String(this.#urls[0].searchParams),
          ]),
      ],
    ])();
  }

  get _headers() {
    return this.#headers;
  }
  get _params() {
    return this.#params;
  }
  get _forms() {
    return this.#forms;
  }

  #any() {
    return this.#r.weighted([
      [5, () => this.#headersStep()],
      [3, () => this.#paramsStep()],
      [3, () => this.#formStep()],
      [3, () => this.#urlStep()],
    ])();
  }
}

export default {
  async fetch(request) {
    const lists = new Lists(Number(new URL(request.url).pathname.slice(1)));
    await lists.run();
    return new Response(lists.log.join('\n'));
  },
};
