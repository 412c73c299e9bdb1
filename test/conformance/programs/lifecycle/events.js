import { DurableObject, WorkerEntrypoint } from 'cloudflare:workers';
import { answer, attempt } from '../probe.js';

const probes = {
  async 'calls-in-order'({ T }) {
    const stub = T.getByName('calls');
    const sent = [];
    for (let i = 0; i < 20; i++) sent.push(stub.note(i));
    await Promise.all(sent);
    return stub.list();
  },
  async 'fetches-in-order'({ T }) {
    const stub = T.getByName('fetches');
    const sent = [];
    for (let i = 0; i < 20; i++) sent.push(stub.fetch(`http://do/note/${i}`));
    await Promise.all(sent);
    return stub.list();
  },
  async 'order-from-object'({ T }) {
    return T.getByName('from-object').callInOrder('target');
  },
  async 'order-with-writes'({ T }) {
    const stub = T.getByName('with-writes');
    const results = await Promise.all([1, 2, 3, 4, 5].map((n) => stub.append(n)));
    return [results, await stub.readAll()];
  },
  async 'pipelined-order'({ T }) {
    const stub = T.getByName('pipelined');
    const target = stub.target();
    await Promise.all([target.note('a'), target.note('b'), stub.note('c'), target.note('d')]);
    return (await stub.list()).sort();
  },
  async 'result-order'({ T }) {
    const stub = T.getByName('results');
    const seen = [];
    await Promise.all([30, 5, 15].map((ms) => stub.slow(ms).then((value) => seen.push(value))));
    return seen;
  },
  async 'wait-until-after-answer'({ T }) {
    const stub = T.getByName('after-answer');
    const first = await stub.answerThenWork();
    for (let i = 0; i < 100 && (await stub.list()).length < 2; i++) await scheduler.wait(5);
    return [first, await stub.list()];
  },
  async 'wait-until-fetch'({ T }) {
    const stub = T.getByName('wait-until-fetch');
    const text = await (await stub.fetch('http://do/background')).text();
    for (let i = 0; i < 100 && (await stub.list()).length < 1; i++) await scheduler.wait(5);
    return [text, await stub.list()];
  },
  async 'wait-until-values'({ T }) {
    return T.getByName('values').waitUntilValues();
  },
  async 'timer-after-answer'({ T }) {
    const stub = T.getByName('timer-after');
    await stub.startTimer();
    for (let i = 0; i < 100 && (await stub.list()).length < 1; i++) await scheduler.wait(5);
    return stub.list();
  },
  async 'worker-wait-until'(env, request, ctx) {
    const stub = env.T.getByName('worker-wait-until');
    ctx.waitUntil(stub.note('by the worker'));
    for (let i = 0; i < 100 && (await stub.list()).length < 1; i++) await scheduler.wait(5);
    return stub.list();
  },
  async 'legacy-fetch'({ LEGACY }) {
    const response = await LEGACY.getByName('l').fetch('http://do/path?x=1', { method: 'POST' });
    return [response.status, await response.json()];
  },
  async 'legacy-rpc'({ LEGACY }) {
    return [
      await attempt(() => LEGACY.getByName('l').hello()),
      await attempt(() => LEGACY.getByName('l').property),
    ];
  },
  async 'legacy-alarm'({ LEGACY }) {
    const stub = LEGACY.getByName('alarm');
    await stub.fetch('http://do/alarm');
    for (let i = 0; i < 200; i++) {
      const { alarms } = await (await stub.fetch('http://do/')).json();
      if (alarms > 0) return alarms;
      await scheduler.wait(10);
    }
    return 'none';
  },
  async 'legacy-without-fetch'({ BARE }) {
    return [
      await attempt(() => BARE.getByName('b').fetch('http://do/')),
      await attempt(() => BARE.getByName('b').hello()),
    ];
  },
  async 'handlers-that-are-none'({ NONE }) {
    return [
      await attempt(() => NONE.getByName('n').fetch('http://do/')),
      await attempt(() => NONE.getByName('n').setAlarm()),
    ];
  },
  async subclass({ SUB }) {
    const stub = SUB.getByName('s');
    return [
      await stub.hello(),
      await stub.inherited(),
      await (await stub.fetch('http://do/')).text(),
    ];
  },
  async 'props-and-exports'({ T }) {
    return T.getByName('props').describeCtx();
  },
  async 'exports-loopback'({ T }) {
    return T.getByName('exports').useExports();
  },
  async 'fetch-arguments'({ T }) {
    return (
      await T.getByName('arguments').fetch('http://any.host:81/arguments?q=1', {
        method: 'PUT',
        headers: { 'X-One': '1' },
        body: 'body',
        cf: { a: 1 },
      })
    ).json();
  },
  async 'fetch-urls'({ T }) {
    const stub = T.getByName('urls');
    const out = [];
    for (const url of [
      'http://do',
      'https://do/a b',
      '/relative',
      'ftp://x/',
      'nonsense',
      '',
      'HTTP://DO/x#y',
    ]) {
      out.push(
        await attempt(async () => (await stub.fetch(url.startsWith('http') ? url : url)).text()),
      );
    }
    return out;
  },
  async 'fetch-inputs'({ T }) {
    const stub = T.getByName('inputs');
    const text = async (...args) => (await stub.fetch(...args)).text();
    return [
      await attempt(() => text(new URL('http://do/url'))),
      await attempt(() => text(new Request('http://do/request'))),
      await attempt(() => text({ toString: () => 'http://do/string' })),
      await attempt(() => text()),
      await attempt(() => text('http://do/', { method: 'BAD METHOD' })),
      await attempt(() => text('http://do/', { method: 'GET', body: 'no' })),
    ];
  },
  async 'fetch-body-used'({ T }) {
    const request = new Request('http://do/echo', { method: 'POST', body: 'once' });
    const stub = T.getByName('body-used');
    const first = await (await stub.fetch(request)).text();
    return [first, request.bodyUsed, await attempt(() => stub.fetch(request))];
  },
  async redirects({ T }) {
    const stub = T.getByName('redirects');
    const followed = await stub.fetch('http://do/redirect/2');
    const manual = await stub.fetch('http://do/redirect/2', { redirect: 'manual' });
    return [
      await followed.text(),
      followed.redirected,
      followed.url,
      manual.status,
      manual.headers.get('location'),
      await attempt(() => stub.fetch('http://do/redirect/50')),
    ];
  },
  async 'cached-id'({ T }) {
    globalThis.keptId ??= T.idFromName('kept');
    return [await T.get(globalThis.keptId).hello(), globalThis.keptId.name];
  },
  async 'overlapping-handlers'({ T }) {
    const stub = T.getByName('overlap');
    const seen = await Promise.all([stub.enter(40), stub.enter(10), stub.enter(1)]);
    return seen;
  },
  async 'serial-storage'({ T }) {
    const stub = T.getByName('serial');
    return Promise.all([stub.storageOnly(), stub.storageOnly(), stub.storageOnly()]);
  },
  async 'calls-to-many'({ T }) {
    const values = await Promise.all(
      Array.from({ length: 30 }, (_, i) => T.getByName(`many-${i}`).hello()),
    );
    return values.length;
  },
  async 'mutual-calls'({ T }) {
    return T.getByName('ping').bounce('pong', 6);
  },
};

export class Events extends DurableObject {
  #notes = [];
  #active = 0;
  name = 'not reachable';

  hello() {
    return `hello of ${this.ctx.id.name}`;
  }

  note(text) {
    this.#notes.push(text);
  }

  list() {
    return this.#notes;
  }

  async callInOrder(name) {
    const stub = this.env.T.getByName(name);
    const sent = [];
    for (let i = 0; i < 10; i++) {
      if (i % 3 === 0) this.ctx.storage.put('n', i);
      sent.push(stub.note(i));
    }
    await Promise.all(sent);
    return stub.list();
  }

  async append(n) {
    const all = (await this.ctx.storage.get('all')) ?? [];
    all.push(n);
    await this.ctx.storage.put('all', all);
    return all.length;
  }

  readAll() {
    return this.ctx.storage.get('all');
  }

  target() {
    return { note: (text) => this.note(text) };
  }

  async slow(ms) {
    await scheduler.wait(ms);
    return ms;
  }

  answerThenWork() {
    this.ctx.waitUntil(
      (async () => {
        await scheduler.wait(5);
        this.note('worked');
        await this.env.T.getByName('helper').hello();
        this.note('called');
      })(),
    );
    return 'answered';
  }

  async waitUntilValues() {
    const results = [];
    for (const value of [undefined, null, 5, 'text', {}, Promise.resolve(), { then: (f) => f() }]) {
      results.push((await attempt(() => this.ctx.waitUntil(value))).text);
    }
    results.push((await attempt(() => this.ctx.waitUntil())).text);
    return results;
  }

  startTimer() {
    setTimeout(() => this.note('fired'), 10);
  }

  describeCtx() {
    return [this.ctx.props, Object.keys(this.ctx.exports).sort(), this.ctx.container];
  }

  async useExports() {
    const { exports } = this.ctx;
    return [
      await exports.Helper.greet('object'),
      await (await exports.default.fetch('http://worker/plain')).text(),
      await exports.Events.getByName('through exports').hello(),
    ];
  }

  async enter(ms) {
    this.#active += 1;
    const most = this.#active;
    await scheduler.wait(ms);
    this.#active -= 1;
    return most;
  }

  async storageOnly() {
    this.#active += 1;
    const most = this.#active;
    for (let i = 0; i < 5; i++) {
      await this.ctx.storage.put(`k${i}`, i);
      await this.ctx.storage.get(`k${i}`);
    }
    this.#active -= 1;
    return most;
  }

  async bounce(name, left) {
    if (left === 0) return [];
    const self = this.ctx.id.name;
    return [self, ...(await this.env.T.getByName(name).bounce(self, left - 1))];
  }

  async fetch(request, ...rest) {
    const url = new URL(request.url);
    const [, path, argument] = url.pathname.split('/');
    if (path === 'note') this.note(Number(argument));
    if (path === 'background') {
      this.ctx.waitUntil(scheduler.wait(5).then(() => this.note('background')));
    }
    if (path === 'echo') return new Response(await request.text());
    if (path === 'redirect' && argument !== '0') {
      return new Response(null, {
        status: 302,
        headers: { Location: `/redirect/${Number(argument) - 1}` },
      });
    }
    if (path === 'arguments') {
      return Response.json([
        rest.filter((value) => value !== undefined).length,
        request.method,
        request.url,
        [...request.headers].filter(([name]) => name !== 'content-length'),
        await request.text(),
        request.cf,
        request.redirect,
      ]);
    }
    return new Response(`${request.method} ${request.url}`);
  }
}

/** No base class. */
export class Legacy {
  #alarms = 0;

  constructor(state, env) {
    this.state = state;
    this.env = env;
  }

  hello() {
    return 'never';
  }

  async fetch(request) {
    if (new URL(request.url).pathname === '/alarm') await this.state.storage.setAlarm(Date.now());
    return Response.json({
      alarms: this.#alarms,
      name: this.state.id.name,
      state: this.state.constructor.name,
      env: Object.keys(this.env).sort(),
      method: request.method,
    });
  }

  alarm() {
    this.#alarms += 1;
  }
}

export class Bare {
  hello() {}
}

export class NoHandlers extends DurableObject {
  fetch = 'not a function';
  alarm = 5;

  setAlarm() {
    return this.ctx.storage.setAlarm(Date.now() + 1_000_000);
  }
}

class Base extends DurableObject {
  inherited() {
    return `inherited by ${this.constructor.name}`;
  }

  hello() {
    return 'of the base';
  }

  fetch() {
    return new Response(this.hello());
  }
}

export class Sub extends Base {
  hello() {
    return `of the subclass, not ${super.hello()}`;
  }
}

export class Helper extends WorkerEntrypoint {
  greet(name) {
    return `hello, ${name}`;
  }
}

export default {
  fetch(request, env, ctx) {
    if (new URL(request.url).pathname === '/plain') return new Response('the worker');
    const bound = Object.fromEntries(
      Object.entries(probes).map(([name, probe]) => [name, (self, r) => probe(self, r, ctx)]),
    );
    return answer(bound, request, env);
  },
};
