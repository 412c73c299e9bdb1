// The Cache API in an order that a seed determines: what is stored, what is found for which request, conditions, ranges, and what is refused.
import { Random } from '../random.js';
import { Step, brief, run } from './steps.js';

const steps = 20;
const paths = ['a', 'b', 'a?q=1', 'a?q=2', 'c/d', 'é', 'a#part'];
const bodies = ['', 'text', 'longer text', null];
const statuses = [200, 200, 200, 200, 201, 203, 204, 206, 301, 302, 304, 404, 410, 500];
const storedHeaders = {
  'cache-control': [
    ...['max-age=60', 'max-age=60', 'max-age=60', 'public, max-age=60', 's-maxage=60', 'no-store'],
    ...[
      'private',
      'private, max-age=60',
      'no-cache',
      'max-age=0',
      's-maxage=60, max-age=0',
      'MAX-AGE=60',
    ],
    ...['private=set-cookie, max-age=60', 'nonsense', 'max-age=x', 'must-revalidate, max-age=60'],
  ],
  expires: ['Thu, 01 Jan 2099 00:00:00 GMT', 'Thu, 01 Jan 1970 00:00:00 GMT', '0'],
  etag: ['"one"', 'W/"one"', 'one'],
  'last-modified': ['Wed, 21 Oct 2015 07:28:00 GMT', 'x'],
  'set-cookie': ['a=b'],
  vary: ['*', 'accept', 'x-other'],
  'content-type': ['text/x'],
  'x-own': ['1'],
  'cf-cache-status': ['MISS'],
  age: ['5'],
};
const askedHeaders = {
  range: ['bytes=0-1', 'bytes=1-', 'bytes=-2', 'bytes=99-', 'x', 'bytes=2-1'],
  'if-none-match': ['"one"', 'W/"one"', '*', '"two"', '"two", "one"'],
  'if-modified-since': ['Wed, 21 Oct 2015 07:28:00 GMT', 'Tue, 20 Oct 2015 07:28:00 GMT', 'x'],
  'if-match': ['"one"', '"two"'],
  accept: ['text/x'],
  'cache-control': ['no-cache', 'no-store', 'only-if-cached'],
};
const methods = ['GET', 'GET', 'GET', 'HEAD', 'POST', 'DELETE'];
/** Differ from run to run. */
const varying = ['date', 'expires', 'age'];

class History {
  log = [];
  #r;
  #host;
  #caches = [caches.default];

  constructor(seed) {
    this.#r = new Random(seed);
    this.#host = `http://seed-${seed}.test/`;
  }

  async run() {
    this.#caches.push(await caches.open('named'));
    for (let i = 0; i < steps; i++) this.log.push(await run(this.#any()));
  }

  #headers(lists, percent) {
    const chosen = Object.entries(lists).filter(() => this.#r.chance(percent));
    return Object.fromEntries(chosen.map(([name, list]) => [name, this.#r.pick(list)]));
  }

  /** @returns {[text: string, make: () => any]} */
  #request(hasHeaders) {
    const r = this.#r;
    const url = this.#host + r.pick(paths);
    if (r.chance(30)) return [url, () => url];
    if (r.chance(5))
      return r.pick([
        ['relative', () => 'relative'],
        ['undefined', () => undefined],
        ['5', () => 5],
      ]);
    const init = {
      method: r.pick(methods),
      headers: hasHeaders ? this.#headers(askedHeaders, 15) : {},
    };
    return [`${brief([init])} ${url}`, () => new Request(url, init)];
  }

  #options() {
    return this.#r.pick([
      [],
      [],
      [],
      [{ ignoreMethod: true }],
      [{ ignoreMethod: false }],
      [undefined],
      [{}],
    ]);
  }

  #put(cache) {
    const r = this.#r;
    const [text, request] = this.#request(r.chance(20));
    const [body, status] = [r.pick(bodies), r.pick(statuses)];
    const headers = this.#headers(storedHeaders, 12);
    if (r.chance(70)) headers['cache-control'] ??= 'max-age=60';
    return new Step(`put ${text} ${brief([body, status, headers])}`, () => {
      const isNull = [204, 304].includes(status);
      return cache.put(request(), new Response(isNull ? null : body, { status, headers }));
    });
  }

  #match(cache) {
    const [text, request] = this.#request(true);
    const options = this.#options();
    return new Step(`match ${text} ${brief(options)}`, async () => {
      const found = await cache.match(request(), ...options);
      if (!found) return found;
      const headers = [...found.headers].filter(([name]) => !varying.includes(name));
      return [found.status, found.statusText, headers, await found.text(), found.url];
    });
  }

  #any() {
    const r = this.#r;
    const at = r.below(2);
    const cache = this.#caches[at];
    const step = r.weighted([
      [6, () => this.#put(cache)],
      [8, () => this.#match(cache)],
      [
        2,
        () => {
          const [text, request] = this.#request(false);
          const options = this.#options();
          return new Step(`delete ${text} ${brief(options)}`, () =>
            cache.delete(request(), ...options),
          );
        },
      ],
    ])();
    step.text = `${at} ${step.text}`;
    return step;
  }
}

export default {
  async fetch(request) {
    const history = new History(Number(new URL(request.url).pathname.slice(1)));
    await history.run();
    return new Response(history.log.join('\n'));
  },
};
