import { DurableObject } from 'cloudflare:workers';
import { answer, attempt } from '../probe.js';

/** Probes that start something, open a section while it is under way, and show in what order things went on. */
const held = {
  timer: () => new Promise((resolve) => setTimeout(resolve, 5)),
  wait: () => scheduler.wait(5),
  fetch: (self) => self.peer().fetch('http://do/'),
  rpc: (self) => self.peer().hello(),
  'rpc-property': (self) => self.peer().property,
  'response-body': async (self) => (await self.opened).text(),
  'stream-read': (self) => self.reader.read(),
  digest: () => crypto.subtle.digest('SHA-256', new Uint8Array(1000)),
  'pipelined-rpc': (self) => self.peer().target().hello(),
  sync: (self) => self.ctx.storage.sync(),
  'for-await': async (self) => {
    for await (const chunk of self.reader) return chunk;
  },
  'iterator-next': (self) => (self.reader = self.reader.values()).next(),
  'pipe-to': (self) => pipedTo((stream, to) => stream.pipeTo(to), self.reader),
  'pipe-to-end': (self) => self.reader.pipeTo(new WritableStream()),
  'pipe-through': (self) => pipedTo(throughText, self.reader),
  'pipe-keeping': (self) => pipedTo((s, to) => s.pipeTo(to, { preventCancel: true }), self.reader),
  tee: (self) => pipedTo((stream, to) => stream.tee()[0].pipeTo(to), self.reader),
  'json-body': async (self) => (await self.peer().fetch('http://do/json')).json(),
};

const kStreams = new Set(
  Object.keys(held).filter((kind) => /^(for-await|iterator|pipe-|tee)/.test(kind)),
);

/** Resolves with the first chunk that a pipe brings. */
function pipedTo(pipe, stream) {
  return new Promise((resolve) => {
    pipe(stream, new WritableStream({ write: resolve })).catch(() => {});
  });
}

const throughText = (stream, to) => stream.pipeThrough(new TextDecoderStream()).pipeTo(to);

const probes = {
  async fetches({ SECTION }) {
    const stub = SECTION.getByName('fetches');
    const blocked = stub.block(60);
    await scheduler.wait(20);
    await Promise.all([stub.fetch('http://do/other'), blocked]);
    return stub.readLog();
  },
  async 'two-stubs'({ SECTION }) {
    const [one, two] = [SECTION.getByName('two-stubs'), SECTION.getByName('two-stubs')];
    const blocked = one.block(60);
    await scheduler.wait(20);
    await Promise.all([two.log('rpc of another stub'), blocked]);
    return one.readLog();
  },
  async 'calls-keep-order'({ SECTION }) {
    const stub = SECTION.getByName('calls-keep-order');
    const blocked = stub.block(40);
    await Promise.all([1, 2, 3, 4].map((n) => stub.log(`call ${n}`)).concat(blocked));
    return stub.readLog();
  },
  async getters({ SECTION }) {
    const stub = SECTION.getByName('getters');
    const blocked = stub.block(40);
    await Promise.all([stub.getter, blocked]);
    return stub.readLog();
  },
  async alarm({ SECTION }) {
    const stub = SECTION.getByName('alarm');
    await stub.alarmThenBlock();
    await until(stub, 'alarm');
    return stub.readLog();
  },
  async 'alarm-due'({ SECTION }) {
    const stub = SECTION.getByName('alarm-due');
    await stub.alarmInsideBlock();
    await until(stub, 'alarm');
    return stub.readLog();
  },
  async 'wait-until'({ SECTION }) {
    const stub = SECTION.getByName('wait-until');
    await stub.waitUntilThenBlock();
    await until(stub, 'background');
    return stub.readLog();
  },
  async interval({ SECTION }) {
    return SECTION.getByName('interval').intervalThenBlock();
  },
  async 'sockets-hibernatable'({ SECTION }) {
    return socketsHeld(SECTION.getByName('sockets-hibernatable'), 'hibernatable');
  },
  async 'sockets-standard'({ SECTION }) {
    return socketsHeld(SECTION.getByName('sockets-standard'), 'standard');
  },
  async 'rpc-target'({ SECTION }) {
    const stub = SECTION.getByName('rpc-target');
    const target = await stub.makeTarget();
    const blocked = stub.block(60);
    await scheduler.wait(20);
    await Promise.all([target.poke(), blocked]);
    return stub.readLog();
  },
  async 'callback-argument'({ SECTION }) {
    const stub = SECTION.getByName('callback-argument');
    return stub.callFromSection((value) => `${value} by the caller`);
  },
  async inside({ SECTION }) {
    return SECTION.getByName('inside').everythingInside();
  },
  async 'inside-self'({ SECTION }) {
    return SECTION.getByName('inside-self').startedInside();
  },
  async nested({ SECTION }) {
    return SECTION.getByName('nested').nested();
  },
  async 'nested-holds-outer'({ SECTION }) {
    return SECTION.getByName('nested-holds-outer').nestedHoldsOuter();
  },
  async 'nested-in-order'({ SECTION }) {
    return SECTION.getByName('nested-in-order').nestedInOrder();
  },
  async 'nested-values'({ SECTION }) {
    return SECTION.getByName('nested-values').nestedValues();
  },
  async 'depth-64'({ SECTION }) {
    return SECTION.getByName('depth-64').depth(64);
  },
  async 'depth-65'({ SECTION }) {
    const stub = SECTION.getByName('depth-65');
    return [await attempt(() => stub.depth(65)), await attempt(() => stub.readLog())];
  },
  async stragglers({ SECTION }) {
    const stub = SECTION.getByName('stragglers');
    await stub.stragglers();
    await until(stub, 'straggler rpc');
    return (await stub.readLog()).sort();
  },
  async 'straggler-waits-for-next'({ SECTION }) {
    return SECTION.getByName('straggler-next').stragglerAndNext();
  },
  async 'two-requests'({ SECTION }) {
    const stub = SECTION.getByName('two-requests');
    await Promise.all([stub.namedBlock('a'), stub.namedBlock('b'), stub.namedBlock('c')]);
    return stub.readLog();
  },
  async 'not-awaited'({ SECTION }) {
    const stub = SECTION.getByName('not-awaited');
    const first = await stub.blockNotAwaited(40);
    await stub.log('after');
    return [first, await stub.readLog()];
  },
  async 'value-types'({ SECTION }) {
    return SECTION.getByName('value-types').valueTypes();
  },
  async arguments({ SECTION }) {
    return SECTION.getByName('arguments').callbackArguments();
  },
  async 'transaction-inside'({ SECTION }) {
    return SECTION.getByName('transaction-inside').transactionInside();
  },
  async 'inside-transaction'({ SECTION }) {
    return SECTION.getByName('inside-transaction').insideTransaction();
  },
  async microtasks({ SECTION }) {
    return SECTION.getByName('microtasks').microtasks();
  },
  async 'storage-does-not-open'({ SECTION }) {
    const stub = SECTION.getByName('storage');
    await Promise.all([stub.storageInSection(), stub.log('other')]);
    return stub.readLog();
  },
  async 'crypto-keeps-others-out'({ SECTION }) {
    const stub = SECTION.getByName('crypto');
    const results = await Promise.all([1, 2, 3, 4].map(() => stub.incrementWithDigest()));
    return results.sort();
  },
  async 'fails-for-all'({ SECTION }) {
    const stub = SECTION.getByName('fails-for-all');
    const failing = attempt(() => stub.blockAndFail(60));
    await scheduler.wait(20);
    const other = SECTION.getByName('fails-for-all');
    return Promise.all([
      failing,
      attempt(() => stub.readLog()),
      attempt(() => stub.fetch('http://do/')),
      attempt(() => other.readLog()),
      attempt(() => other.fetch('http://do/')),
    ]);
  },
};

for (const kind of Object.keys(held)) {
  probes[`held-${kind}`] = ({ SECTION }) => SECTION.getByName(`held-${kind}`).held(kind);
}

async function until(stub, entry) {
  for (let i = 0; i < 300; i++) {
    if ((await stub.readLog()).includes(entry)) return;
    await scheduler.wait(10);
  }
}

async function socketsHeld(stub, api) {
  const response = await stub.fetch(`http://do/${api}`, { headers: { Upgrade: 'websocket' } });
  const { webSocket } = response;
  webSocket.accept();
  const blocked = stub.block(60);
  await scheduler.wait(20);
  webSocket.send('one');
  webSocket.send('two');
  await Promise.all([stub.log('rpc'), blocked]);
  await until(stub, 'message two');
  webSocket.close(1000, 'done');
  const log = await stub.readLog();
  return [log.indexOf('block ends') < log.indexOf('message one'), log.filter((e) => e !== 'rpc')];
}

export class Section extends DurableObject {
  #log = [];

  log(entry) {
    this.#log.push(entry);
  }

  readLog() {
    return this.#log;
  }

  get getter() {
    this.log('getter');
    return 1;
  }

  peer() {
    return this.env.PEER.getByName('peer');
  }

  fetch(request) {
    const path = new URL(request.url).pathname.slice(1);
    if (path === 'other') this.log('fetch');
    if (path === 'hibernatable' || path === 'standard') return this.#accept(path);
    return new Response('answer');
  }

  #accept(api) {
    const [client, server] = Object.values(new WebSocketPair());
    if (api === 'hibernatable') {
      this.ctx.acceptWebSocket(server);
    } else {
      server.accept();
      server.addEventListener('message', ({ data }) => this.log(`message ${data}`));
    }
    return new Response(null, { status: 101, webSocket: client });
  }

  webSocketMessage(ws, data) {
    this.log(`message ${data}`);
  }

  webSocketClose() {}

  alarm() {
    this.log('alarm');
  }

  block(ms) {
    return this.ctx.blockConcurrencyWhile(async () => {
      this.log('block begins');
      await scheduler.wait(ms);
      this.log('block ends');
    });
  }

  blockAndFail(ms) {
    return this.ctx.blockConcurrencyWhile(async () => {
      await scheduler.wait(ms);
      throw new RangeError('the section failed');
    });
  }

  async incrementWithDigest() {
    const n = ((await this.ctx.storage.get('n')) ?? 0) + 1;
    await crypto.subtle.digest('SHA-256', new Uint8Array(n));
    const key = await crypto.subtle.importKey(
      'raw',
      new Uint8Array(16),
      { name: 'HMAC', hash: 'SHA-256' },
      false,
      ['sign'],
    );
    await crypto.subtle.sign('HMAC', key, new Uint8Array(n));
    await this.ctx.storage.put('n', n);
    return n;
  }

  async held(kind) {
    if (kind === 'response-body') this.opened = await this.peer().fetch('http://do/slow');
    if (kind === 'stream-read') {
      this.reader = (await this.peer().fetch('http://do/slow')).body.getReader();
      await this.reader.read();
    }
    if (kStreams.has(kind)) this.reader = (await this.peer().fetch('http://do/slow')).body;
    const started = held[kind](this).then(() => this.log('it went on'));
    await this.block(60);
    this.log('after the block');
    await started;
    if (kind === 'stream-read') while (!(await this.reader.read()).done);
    if (kind === 'iterator-next') while (!(await this.reader.next()).done);
    return this.#log;
  }

  async alarmThenBlock() {
    await this.ctx.storage.setAlarm(Date.now() + 60);
    await this.ctx.storage.sync();
    await this.block(150);
  }

  async alarmInsideBlock() {
    await this.ctx.blockConcurrencyWhile(async () => {
      await this.ctx.storage.setAlarm(Date.now());
      await scheduler.wait(50);
      this.log('block ends');
    });
  }

  async waitUntilThenBlock() {
    this.ctx.waitUntil(scheduler.wait(5).then(() => this.log('background')));
    await this.block(60);
  }

  async intervalThenBlock() {
    const interval = setInterval(() => this.log('tick'), 10);
    await this.block(65);
    const during = this.#log.filter((entry) => entry === 'tick').length;
    await scheduler.wait(60);
    clearInterval(interval);
    return [during, this.#log.filter((entry) => entry === 'tick').length > 0];
  }

  makeTarget() {
    const poke = () => this.log('poked');
    return { poke };
  }

  callFromSection(callback) {
    return this.ctx.blockConcurrencyWhile(async () => callback('called'));
  }

  everythingInside() {
    return this.ctx.blockConcurrencyWhile(async () => {
      const seen = [];
      await scheduler.wait(2);
      seen.push('timer');
      seen.push(await (await this.peer().fetch('http://do/')).text());
      seen.push(await this.peer().hello());
      seen.push(await this.peer().target().hello());
      seen.push((await crypto.subtle.digest('SHA-256', new Uint8Array(3))).byteLength);
      await this.ctx.storage.put('k', 1);
      seen.push(await this.ctx.storage.get('k'));
      await this.ctx.storage.sync();
      const reader = (await this.peer().fetch('http://do/slow')).body.getReader();
      for (let read = await reader.read(); !read.done; read = await reader.read()) {
        seen.push(new TextDecoder().decode(read.value));
      }
      seen.push(await new Response('body').text());
      return seen;
    });
  }

  startedInside() {
    return this.ctx.blockConcurrencyWhile(async () => {
      const seen = [];
      const timers = [30, 10, 20].map((ms) => scheduler.wait(ms).then(() => seen.push(ms)));
      const call = this.peer()
        .hello()
        .then((value) => seen.push(value));
      await call;
      await Promise.all(timers);
      return seen;
    });
  }

  async nested() {
    await this.ctx.blockConcurrencyWhile(async () => {
      this.log('outer begins');
      await this.ctx.blockConcurrencyWhile(async () => {
        this.log('inner begins');
        await scheduler.wait(5);
        this.log('inner ends');
      });
      this.log('outer goes on');
      await scheduler.wait(5);
      this.log('outer ends');
    });
    return this.#log;
  }

  async nestedHoldsOuter() {
    await this.ctx.blockConcurrencyWhile(async () => {
      const outer = scheduler.wait(5).then(() => this.log('timer of the outer'));
      await this.ctx.blockConcurrencyWhile(async () => {
        await scheduler.wait(50);
        this.log('inner ends');
      });
      await outer;
    });
    return this.#log;
  }

  async nestedInOrder() {
    await this.ctx.blockConcurrencyWhile(async () => {
      const inner = (name) =>
        this.ctx.blockConcurrencyWhile(async () => {
          this.log(`${name} begins`);
          await scheduler.wait(10);
          this.log(`${name} ends`);
        });
      await Promise.all([inner('one'), inner('two'), inner('three')]);
    });
    return this.#log;
  }

  async nestedValues() {
    const { ctx } = this;
    return ctx.blockConcurrencyWhile(async () => {
      const inner = await ctx.blockConcurrencyWhile(async () => 'inner');
      return [inner, await ctx.blockConcurrencyWhile(() => 5)];
    });
  }

  async depth(levels) {
    if (levels === 0) return 'reached';
    return this.ctx.blockConcurrencyWhile(() => this.depth(levels - 1));
  }

  async stragglers() {
    await this.ctx.blockConcurrencyWhile(async () => {
      scheduler.wait(5).then(() => this.log('straggler timer'));
      this.peer()
        .slow()
        .then(() => this.log('straggler rpc'));
    });
    this.log('section ended');
  }

  async stragglerAndNext() {
    let straggler;
    await this.ctx.blockConcurrencyWhile(async () => {
      straggler = scheduler.wait(5).then(() => this.log('straggler'));
    });
    await this.ctx.blockConcurrencyWhile(async () => {
      await scheduler.wait(50);
      this.log('next ends');
    });
    await straggler;
    return this.#log;
  }

  async namedBlock(name) {
    this.log(`${name} called`);
    await this.ctx.blockConcurrencyWhile(async () => {
      this.log(`${name} begins`);
      await scheduler.wait(10);
      this.log(`${name} ends`);
    });
    this.log(`${name} after`);
  }

  blockNotAwaited(ms) {
    this.block(ms);
    return 'answered';
  }

  async valueTypes() {
    const { ctx } = this;
    const map = new Map();
    return [
      (await ctx.blockConcurrencyWhile(async () => map)) === map,
      await ctx.blockConcurrencyWhile(async () => undefined),
      await ctx.blockConcurrencyWhile(async () => null),
      await attempt(() => ctx.blockConcurrencyWhile(() => ({ then: (done) => done('thenable') }))),
      ctx.blockConcurrencyWhile(async () => 1) instanceof Promise,
      await attempt(() => ctx.blockConcurrencyWhile()),
      await attempt(() => ctx.blockConcurrencyWhile(null)),
      await attempt(() => ctx.blockConcurrencyWhile({})),
    ].map((item) => item?.text ?? item);
  }

  callbackArguments() {
    return this.ctx.blockConcurrencyWhile(async function (...args) {
      return [args.length, this === undefined ? 'no this' : 'some this'];
    });
  }

  async transactionInside() {
    const { storage } = this.ctx;
    await this.ctx.blockConcurrencyWhile(async () => {
      this.log('section begins');
      await storage.transaction(async (txn) => {
        await txn.put('k', 1);
        await scheduler.wait(5);
        this.log('transaction ends');
      });
      await attempt(() =>
        storage.transaction(async (txn) => {
          await txn.put('k', 2);
          throw new Error('undone');
        }),
      );
      this.log(`k is ${await storage.get('k')}`);
    });
    return this.#log;
  }

  async insideTransaction() {
    const { storage } = this.ctx;
    await storage.transaction(async (txn) => {
      await txn.put('k', 1);
      const value = await this.ctx.blockConcurrencyWhile(async () => {
        await scheduler.wait(5);
        return 'of the section';
      });
      this.log(value);
    });
    this.log(await storage.get('k'));
    return this.#log;
  }

  async microtasks() {
    const section = this.ctx.blockConcurrencyWhile(async () => {
      this.log('section');
    });
    for (let i = 0; i < 20; i++) await null;
    this.log('after twenty microtasks');
    await this.ctx.storage.put('k', 1);
    this.log('after a put');
    await section;
    this.log('after the section');
    return this.#log;
  }

  async storageInSection() {
    await this.ctx.blockConcurrencyWhile(async () => {
      this.log('begins');
      for (let i = 0; i < 20; i++) await this.ctx.storage.put(`k${i}`, i);
      await this.ctx.storage.sync();
      await this.ctx.storage.list();
      this.log('ends');
    });
  }
}

export class Peer extends DurableObject {
  get property() {
    return 'a property';
  }

  hello() {
    return 'hello';
  }

  async slow() {
    await scheduler.wait(20);
  }

  target() {
    return { hello: () => 'hello of a target' };
  }

  fetch(request) {
    const { pathname } = new URL(request.url);
    if (pathname === '/json') return Response.json({ a: 1 });
    if (pathname !== '/slow') return new Response('fetched');
    const { readable, writable } = new TransformStream();
    this.ctx.waitUntil(this.#writeSlowly(writable));
    return new Response(readable);
  }

  async #writeSlowly(writable) {
    const writer = writable.getWriter();
    for (const chunk of ['one', 'two', 'three']) {
      await writer.write(new TextEncoder().encode(chunk));
      await scheduler.wait(8);
    }
    await writer.close();
  }
}

export default {
  fetch: (request, env) => answer(probes, request, env),
};
