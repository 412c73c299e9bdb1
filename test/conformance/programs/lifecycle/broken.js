import { DurableObject, RpcTarget } from 'cloudflare:workers';
import { answer, attempt, attemptSync } from '../probe.js';

/** What code of an object that is gone managed to do. */
const ran = [];

const reasons = {
  none: [],
  text: ['a reason'],
  empty: [''],
  undefined: [undefined],
  null: [null],
  number: [5],
  object: [{ a: 1 }],
  error: [new Error('an error')],
  options: ['with options', { retryAlarm: false }],
  'options-null': ['with null', null],
};

const probes = {
  async reasons({ T }) {
    const out = [];
    for (const name of Object.keys(reasons)) {
      out.push([name, await attempt(() => T.getByName(name).stop(name))]);
    }
    return out;
  },
  async 'reason-symbol'({ T }) {
    return attempt(() => T.getByName('symbol').stopWithSymbol());
  },
  async 'stubs-before-and-after'({ T }) {
    const used = T.getByName('stubs');
    const unused = T.getByName('stubs');
    await used.hello();
    await attempt(() => T.getByName('stubs').stop('text'));
    return [
      await attempt(() => used.hello()),
      await attempt(() => used.fetch('http://do/')),
      await attempt(() => unused.hello()),
      await attempt(() => T.getByName('stubs').hello()),
    ];
  },
  async 'stub-by-id'({ T }) {
    const id = T.idFromName('by-id');
    const stub = T.get(id);
    await attempt(() => stub.stop('text'));
    return [await attempt(() => stub.hello()), await attempt(() => T.get(id).hello())];
  },
  async 'in-flight'({ T }) {
    const running = [
      attempt(() => T.getByName('flight').wait()),
      attempt(() => T.getByName('flight').fetch('http://do/wait')),
      attempt(() => T.getByName('flight').waitInSection()),
      attempt(() => T.getByName('flight').hello()),
      attempt(() => T.getByName('flight').fetch('http://do/')),
    ];
    await scheduler.wait(400);
    return [await attempt(() => T.getByName('flight').hello()), ...(await Promise.all(running))];
  },
  async 'in-flight-abort'({ T }) {
    const running = [
      attempt(() => T.getByName('flight2').wait()),
      attempt(() => T.getByName('flight2').fetch('http://do/wait')),
    ];
    await scheduler.wait(20);
    const stopped = await attempt(() => T.getByName('flight2').fetch('http://do/stop'));
    return [stopped, ...(await Promise.all(running))];
  },
  async finally({ T }) {
    ran.length = 0;
    const failed = await attempt(() => T.getByName('finally').stopInTry());
    await scheduler.wait(10);
    return [failed, ran];
  },
  async 'finally-async'({ T }) {
    ran.length = 0;
    const waiting = attempt(() => T.getByName('finally-async').waitInTry());
    await scheduler.wait(10);
    await attempt(() => T.getByName('finally-async').stop('text'));
    await scheduler.wait(60);
    return [await waiting, ran];
  },
  async timers({ T }) {
    ran.length = 0;
    const stub = T.getByName('timers');
    await stub.startTimers();
    await attempt(() => stub.stop('text'));
    await scheduler.wait(80);
    return ran;
  },
  async 'wait-until'({ T }) {
    ran.length = 0;
    const stub = T.getByName('wait-until');
    await stub.startBackground();
    await attempt(() => stub.stop('text'));
    await scheduler.wait(60);
    return ran;
  },
  async 'in-timer'({ T }) {
    const stub = T.getByName('in-timer');
    const started = await stub.stopInTimer();
    await scheduler.wait(40);
    return [
      started,
      await attempt(() => stub.hello()),
      await attempt(() => T.getByName('in-timer').hello()),
    ];
  },
  async 'in-wait-until'({ T }) {
    const stub = T.getByName('in-wait-until');
    const started = await stub.stopInBackground();
    await scheduler.wait(40);
    return [started, await attempt(() => stub.hello())];
  },
  async 'in-section'({ T }) {
    return attempt(() => T.getByName('in-section').stopInSection());
  },
  async 'in-transaction'({ T }) {
    const stub = T.getByName('in-transaction');
    await stub.put('before');
    const failed = await attempt(() => stub.stopInTransaction());
    return [failed, await T.getByName('in-transaction').get()];
  },
  async 'in-transaction-sync'({ T }) {
    const stub = T.getByName('in-transaction-sync');
    await stub.put('before');
    const failed = await attempt(() => stub.stopInTransactionSync());
    return [failed, await T.getByName('in-transaction-sync').get()];
  },
  async targets({ T }) {
    const stub = T.getByName('targets');
    const target = await stub.target();
    const fn = await stub.function();
    const before = [await target.hello(), await fn()];
    await attempt(() => stub.stop('text'));
    return [before, await attempt(() => target.hello()), await attempt(() => fn())];
  },
  async 'body-under-way'({ T }) {
    const stub = T.getByName('body');
    const response = await stub.fetch('http://do/stream');
    const reader = response.body.getReader();
    const first = new TextDecoder().decode((await reader.read()).value);
    await attempt(() => T.getByName('body').stop('text'));
    return [first, await attempt(() => reader.read())];
  },
  async 'sockets-standard'({ T }) {
    return socketEnds(T, 'standard');
  },
  async 'sockets-hibernatable'({ T }) {
    return socketEnds(T, 'hibernatable');
  },
  async 'section-fails-sockets'({ T }) {
    return socketEnds(T, 'hibernatable', (stub) => stub.failSection());
  },
  async 'old-ctx'({ T }) {
    const stub = T.getByName('old-ctx');
    await stub.keepCtx();
    await attempt(() => stub.stop('text'));
    return T.getByName('user').useKept();
  },
  async 'errors-in-timers'({ T }) {
    const stub = T.getByName('errors-in-timers');
    await stub.increment();
    await stub.throwLater();
    await scheduler.wait(40);
    return stub.increment();
  },
  async 'unhandled-rejection'({ T }) {
    const stub = T.getByName('unhandled');
    await stub.increment();
    await stub.rejectUnhandled();
    await scheduler.wait(20);
    return stub.increment();
  },
  async 'wait-until-rejects'({ T }) {
    const stub = T.getByName('wait-until-rejects');
    await stub.increment();
    await stub.rejectInBackground();
    await scheduler.wait(20);
    return stub.increment();
  },
  async 'listener-throws'({ T }) {
    const stub = T.getByName('listener');
    await stub.increment();
    await stub.throwInListener();
    return stub.increment();
  },
  async 'alarm-survives'({ T }) {
    const stub = T.getByName('alarm');
    await stub.setAlarm(80);
    await attempt(() => stub.stop('text'));
    for (let i = 0; i < 200 && !(await T.getByName('alarm').get()); i++) await scheduler.wait(10);
    return T.getByName('alarm').get();
  },
  async 'fails-again'({ T }) {
    const out = [];
    for (let i = 0; i < 3; i++) {
      const stub = T.getByName('again');
      out.push(await stub.increment(), await attempt(() => stub.stop('text')));
    }
    return out;
  },
  async 'section-failures'({ T }) {
    const out = [];
    for (const kind of ['error', 'text', 'null', 'object', 'cause', 'late', 'sync', 'nested']) {
      const stub = T.getByName(`section-${kind}`);
      out.push([
        kind,
        await attempt(() => stub.sectionFails(kind)),
        await attempt(() => stub.hello()),
      ]);
    }
    return out;
  },
  async 'section-catch'({ T }) {
    ran.length = 0;
    const failed = await attempt(() => T.getByName('section-catch').catchSection());
    await scheduler.wait(20);
    return [failed, ran];
  },
  async 'section-write-then-fail'({ T }) {
    const stub = T.getByName('section-write');
    await stub.put('before');
    const failed = await attempt(() => stub.writeInSectionThenFail());
    return [failed, await T.getByName('section-write').get()];
  },
  async 'caller-is-object'({ T }) {
    return T.getByName('caller').callAndStop('callee');
  },
  async 'caller-survives'({ T }) {
    const stub = T.getByName('caller-survives');
    await stub.increment();
    const failed = await attempt(() => stub.callThrough('callee-fails'));
    return [failed, await stub.increment()];
  },
};

async function socketEnds(T, api, end = (stub) => stub.stop('text')) {
  const name = `${api}-${end.length}${String(end).length}`;
  const response = await T.getByName(name).fetch(`http://do/${api}`, {
    headers: { Upgrade: 'websocket' },
  });
  const { webSocket } = response;
  const ended = new Promise((resolve) => {
    webSocket.addEventListener('close', ({ code, reason, wasClean }) =>
      resolve(['close', code, reason, wasClean]),
    );
  });
  webSocket.accept();
  await attempt(() => end(T.getByName(name)));
  return [await ended, await T.getByName(name).socketCount()];
}

class Target extends RpcTarget {
  hello() {
    return 'hello of a target';
  }
}

let kept;

export class Breakable extends DurableObject {
  #count = 0;

  hello() {
    return 'hello';
  }

  increment() {
    return ++this.#count;
  }

  put(value) {
    return this.ctx.storage.put('k', value);
  }

  get() {
    return this.ctx.storage.get('k');
  }

  stop(name) {
    this.ctx.abort(...reasons[name]);
  }

  stopWithSymbol() {
    this.ctx.abort(Symbol('reason'));
  }

  async wait() {
    await scheduler.wait(60_000);
  }

  async waitInSection() {
    await this.ctx.blockConcurrencyWhile(async () => {
      await scheduler.wait(50);
      throw new TypeError('the section failed');
    });
  }

  failSection() {
    return this.waitInSection();
  }

  async fetch(request) {
    const path = new URL(request.url).pathname.slice(1);
    if (path === 'wait') await this.wait();
    if (path === 'stop') this.ctx.abort('stopped by fetch');
    if (path === 'stream') return this.#stream();
    if (path === 'standard' || path === 'hibernatable') return this.#accept(path);
    return new Response('answer');
  }

  #stream() {
    const { readable, writable } = new TransformStream();
    const write = async () => {
      const writer = writable.getWriter();
      await writer.write(new TextEncoder().encode('first'));
      await scheduler.wait(60_000);
    };
    this.ctx.waitUntil(write());
    return new Response(readable);
  }

  #accept(api) {
    const [client, server] = Object.values(new WebSocketPair());
    if (api === 'standard') server.accept();
    else this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  socketCount() {
    return this.ctx.getWebSockets().length;
  }

  stopInTry() {
    try {
      this.ctx.abort('in try');
      ran.push('after abort');
    } catch {
      ran.push('catch');
    } finally {
      ran.push('finally');
    }
  }

  async waitInTry() {
    try {
      await scheduler.wait(30);
      ran.push('after wait');
    } catch {
      ran.push('catch');
    } finally {
      ran.push('finally');
    }
  }

  startTimers() {
    setTimeout(() => ran.push('timeout'), 20);
    setInterval(() => ran.push('interval'), 15);
    scheduler.wait(10).then(() => ran.push('wait'));
  }

  startBackground() {
    this.ctx.waitUntil(scheduler.wait(20).then(() => ran.push('background')));
    this.ctx.waitUntil(
      this.env.T.getByName('helper')
        .slow()
        .then(() => ran.push('rpc')),
    );
  }

  async slow() {
    await scheduler.wait(20);
  }

  stopInTimer() {
    setTimeout(() => this.ctx.abort('in a timer'), 10);
    return 'started';
  }

  stopInBackground() {
    this.ctx.waitUntil(scheduler.wait(10).then(() => this.ctx.abort('in the background')));
    return 'started';
  }

  stopInSection() {
    return this.ctx.blockConcurrencyWhile(async () => this.ctx.abort('in a section'));
  }

  stopInTransaction() {
    return this.ctx.storage.transaction(async (txn) => {
      await txn.put('k', 'in the transaction');
      this.ctx.abort('in a transaction');
    });
  }

  stopInTransactionSync() {
    return this.ctx.storage.transactionSync(() => {
      this.ctx.storage.kv.put('k', 'in the transaction');
      this.ctx.abort('in a transaction');
    });
  }

  target() {
    return new Target();
  }

  function() {
    return () => 'hello of a function';
  }

  keepCtx() {
    kept = this.ctx;
  }

  useKept() {
    return [
      attemptSync(() => kept.storage.sql.exec('SELECT 1')).text.split('\n')[0],
      attemptSync(() => kept.id.name).text,
    ];
  }

  throwLater() {
    setTimeout(() => {
      throw new Error('in a timer');
    }, 5);
  }

  rejectUnhandled() {
    Promise.reject(new Error('nobody handles this'));
  }

  rejectInBackground() {
    this.ctx.waitUntil(Promise.reject(new Error('in the background')));
  }

  throwInListener() {
    const target = new EventTarget();
    target.addEventListener('x', () => {
      throw new Error('in a listener');
    });
    try {
      target.dispatchEvent(new Event('x'));
    } catch {
      // workerd's own business
    }
  }

  setAlarm(ms) {
    return this.ctx.storage.setAlarm(Date.now() + ms);
  }

  alarm() {
    return this.put('by the alarm');
  }

  sectionFails(kind) {
    const section = (callback) => this.ctx.blockConcurrencyWhile(callback);
    const later = async (error) => {
      await scheduler.wait(2);
      throw error;
    };
    switch (kind) {
      case 'error':
        return section(async () => {
          throw new RangeError('at once');
        });
      case 'text':
        return section(() => Promise.reject('only text'));
      case 'null':
        return section(() => Promise.reject(null));
      case 'object':
        return section(() => Promise.reject({ a: 1 }));
      case 'cause':
        return section(() => later(new Error('with a cause', { cause: new Error('the cause') })));
      case 'late':
        return section(() => later(Object.assign(new Error('late'), { code: 'E' })));
      case 'sync':
        return section(() => {
          throw new SyntaxError('not a promise');
        });
      default:
        return section(() => section(() => later(new Error('in the inner section'))));
    }
  }

  async catchSection() {
    try {
      await this.ctx.blockConcurrencyWhile(async () => {
        throw new Error('not to be caught');
      });
    } catch {
      ran.push('catch');
    } finally {
      ran.push('finally');
    }
    return 'never';
  }

  async writeInSectionThenFail() {
    await this.ctx.blockConcurrencyWhile(async () => {
      await this.put('in the section');
      throw new Error('after the write');
    });
  }

  async callAndStop(name) {
    const stub = this.env.T.getByName(name);
    return [
      await attempt(() => stub.stop('text')),
      await attempt(() => stub.hello()),
      await attempt(() => this.env.T.getByName(name).hello()),
    ].map((outcome) => outcome.text);
  }

  callThrough(name) {
    return this.env.T.getByName(name).stop('text');
  }
}

export default {
  fetch: (request, env) => answer(probes, request, env),
};
