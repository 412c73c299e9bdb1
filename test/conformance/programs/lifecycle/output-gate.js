import { DurableObject } from 'cloudflare:workers';
import { answer, attempt } from '../probe.js';

/** What each way out of an object shows when the writes before it are lost. */
const ways = ['rpc', 'fetch', 'rpc-argument-function', 'own-object', 'nothing'];

/** Writes of which the first kind holds what follows it. */
const unconfirmedWays = [
  'put',
  'unconfirmed put',
  'unconfirmed puts',
  'unconfirmed delete',
  'unconfirmed deletes',
  'unconfirmed setAlarm',
  'unconfirmed deleteAlarm',
  'unconfirmed put, put',
  'unconfirmed put, read',
  'unconfirmed put, sql read',
  'unconfirmed put, sql',
  'unconfirmed put, sync',
  'unconfirmed put in a transaction',
  'unconfirmed put in transactionSync',
  'unconfirmed put of what puts when it is read',
  'unconfirmed puts of what puts when it is read',
  'deleteAll',
];

const probes = {
  async 'order-of-sends'({ WRITER }) {
    return WRITER.getByName('order').sendsBetweenWrites();
  },
  async 'sent-before'({ WRITER, SEEN }) {
    const failed = await attempt(() => WRITER.getByName('before').sendThenViolate('before'));
    await scheduler.wait(20);
    return [failed, await SEEN.getByName('before').list()];
  },
  async 'throws-after-violation'({ WRITER }) {
    return attempt(() => WRITER.getByName('throws').violateAndThrow());
  },
  async 'fetch-after-violation'({ WRITER }) {
    return attempt(() => WRITER.getByName('fetch').fetch('http://do/violate'));
  },
  async 'sync-after-violation'({ WRITER, SEEN }) {
    const failed = await attempt(() => WRITER.getByName('sync').violateAndSync('sync'));
    await scheduler.wait(20);
    return [failed, await SEEN.getByName('sync').list()];
  },
  async 'storage-after-loss'({ WRITER }) {
    const stub = WRITER.getByName('storage');
    await stub.write('a', 1);
    const failed = await attempt(() => stub.writeAndViolate('a', 2));
    return [failed, await WRITER.getByName('storage').read('a')];
  },
  async 'violation-in-timer'({ WRITER }) {
    const stub = WRITER.getByName('timer');
    const started = await stub.violateLater();
    await scheduler.wait(60);
    return [
      started,
      await attempt(() => stub.read('a')),
      await attempt(() => WRITER.getByName('timer').read('a')),
    ];
  },
  async 'others-in-flight'({ WRITER }) {
    const waiting = attempt(() => WRITER.getByName('others').waitForever());
    await scheduler.wait(10);
    const failed = await attempt(() => WRITER.getByName('others').writeAndViolate('a', 1));
    return [failed, await waiting];
  },
  async 'read-not-delayed'({ WRITER }) {
    return WRITER.getByName('read').readOwnWrites();
  },
  async unconfirmed({ WRITER }) {
    const stub = WRITER.getByName('unconfirmed');
    return [await stub.writeUnconfirmed(), await stub.read('u')];
  },
  async 'unconfirmed-order'({ WRITER }) {
    const orders = {};
    for (const way of unconfirmedWays) {
      const writer = WRITER.getByName(`order-${way}`);
      const idle = WRITER.getByName(`order-${way}-idle`);
      await Promise.all([writer.prepare(), idle.prepare()]);
      const order = [];
      await Promise.all([
        writer.writeAs(way).then(() => order.push('writer')),
        idle.touchAs(way).then(() => order.push('idle')),
      ]);
      orders[way] = order;
    }
    return orders;
  },
  async 'unconfirmed-violation'({ WRITER }) {
    const stub = WRITER.getByName('unconfirmed-violation');
    const first = await attempt(() => stub.unconfirmedAndViolate());
    await scheduler.wait(30);
    return [first, await attempt(() => stub.read('u'))];
  },
  async 'sync-result'({ WRITER }) {
    return WRITER.getByName('sync-result').syncResult();
  },
  async 'sockets-in-order'({ WRITER }) {
    const response = await WRITER.getByName('sockets').fetch('http://do/socket', {
      headers: { Upgrade: 'websocket' },
    });
    const { webSocket } = response;
    const seen = [];
    const closed = new Promise((resolve) => {
      webSocket.addEventListener('message', ({ data }) => seen.push(data));
      webSocket.addEventListener('close', ({ code }) => resolve(code));
    });
    webSocket.accept();
    webSocket.send('go');
    seen.push(await closed);
    return seen;
  },
  async 'socket-after-violation'({ WRITER }) {
    const response = await WRITER.getByName('socket-lost').fetch('http://do/socket', {
      headers: { Upgrade: 'websocket' },
    });
    const { webSocket } = response;
    const seen = [];
    const closed = new Promise((resolve) => {
      webSocket.addEventListener('message', ({ data }) => seen.push(data));
      webSocket.addEventListener('close', ({ code, wasClean }) => resolve([code, wasClean]));
    });
    webSocket.accept();
    webSocket.send('violate');
    seen.push(await closed);
    return seen;
  },
  async 'response-with-stream'({ WRITER }) {
    const response = await WRITER.getByName('stream').fetch('http://do/stream');
    return [await response.text(), await WRITER.getByName('stream').read('chunks')];
  },
  async 'commit-per-turn'({ WRITER }) {
    const stub = WRITER.getByName('turns');
    const failed = await attempt(() => stub.twoTurnsThenAbort());
    return [failed, await WRITER.getByName('turns').readAll()];
  },
  async 'one-turn'({ WRITER }) {
    const stub = WRITER.getByName('one-turn');
    const failed = await attempt(() => stub.writesThenAbort());
    return [failed, await WRITER.getByName('one-turn').readAll()];
  },
  async 'abort-after-sync'({ WRITER }) {
    const stub = WRITER.getByName('after-sync');
    const failed = await attempt(() => stub.syncThenAbort());
    return [failed, await WRITER.getByName('after-sync').readAll()];
  },
  async 'wait-until-writes'({ WRITER }) {
    const stub = WRITER.getByName('background');
    await stub.writeInBackground();
    await scheduler.wait(40);
    return stub.read('background');
  },
};

for (const way of ways) {
  probes[`lost-${way}`] = async ({ WRITER, SEEN }) => {
    const received = [];
    const failed = await attempt(() =>
      WRITER.getByName(`lost-${way}`).violateThen(way, (value) => void received.push(value)),
    );
    await scheduler.wait(30);
    return [failed, received, await SEEN.getByName(`lost-${way}`).list()];
  };
}

export class Writer extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    ctx.storage.sql.exec(
      'CREATE TABLE IF NOT EXISTS parent (id INTEGER PRIMARY KEY); CREATE TABLE IF NOT EXISTS child (p REFERENCES parent(id))',
    );
  }

  /** The commit at the end of this turn will fail. */
  #violate() {
    const { sql } = this.ctx.storage;
    sql.exec('PRAGMA defer_foreign_keys = on');
    sql.exec('INSERT INTO child VALUES (1)');
  }

  get seen() {
    return this.env.SEEN.getByName(this.ctx.id.name);
  }

  async write(key, value) {
    await this.ctx.storage.put(key, value);
  }

  read(key) {
    return this.ctx.storage.get(key);
  }

  async readAll() {
    return [...(await this.ctx.storage.list())];
  }

  async violateThen(way, callback) {
    this.#violate();
    switch (way) {
      case 'rpc':
        await this.seen.note('called');
        break;
      case 'fetch':
        await this.seen.fetch('http://do/fetched');
        break;
      case 'rpc-argument-function':
        await callback('called back');
        break;
      case 'own-object':
        await this.env.WRITER.getByName(this.ctx.id.name).read('a');
        break;
    }
    return 'returned';
  }

  async sendsBetweenWrites() {
    const sent = [];
    for (let i = 0; i < 5; i++) {
      this.ctx.storage.put('n', i);
      sent.push(this.seen.note(`after write ${i}`));
      sent.push(this.seen.note(`again ${i}`));
    }
    await Promise.all(sent);
    return this.seen.list();
  }

  async sendThenViolate(text) {
    const sent = this.seen.note(text);
    // A call that is still on its way when its object is reset may be lost, and in workerd often is.
    await scheduler.wait(50);
    this.#violate();
    await sent;
    return 'returned';
  }

  violateAndThrow() {
    this.#violate();
    throw new TypeError('never seen');
  }

  async violateAndSync() {
    this.#violate();
    try {
      await this.ctx.storage.sync();
    } catch {
      await this.seen.note('caught');
    } finally {
      await this.seen.note('finally');
    }
  }

  async writeAndViolate(key, value) {
    await this.ctx.storage.put(key, value);
    this.#violate();
  }

  violateLater() {
    setTimeout(() => this.#violate(), 10);
    return 'started';
  }

  async waitForever() {
    await scheduler.wait(60_000);
  }

  async readOwnWrites() {
    const { storage } = this.ctx;
    storage.put('a', 1);
    const first = await storage.get('a');
    storage.delete('a');
    const second = await storage.get('a');
    storage.put({ b: 1, c: 2 });
    return [first, second, (await storage.list()).size];
  }

  alarm() {}

  async prepare() {
    await this.ctx.storage.put({ a: 1, b: 2 });
    await this.ctx.storage.sync();
  }

  /** A longer way than writeAs() has, without a write. */
  async touchAs(way) {
    const wait = async () => {
      for (let i = 0; i < 20; i++) await null;
    };
    await wait();
    if (way.endsWith('in a transaction')) await this.ctx.storage.transaction(wait);
    return 'touched';
  }

  async writeAs(way) {
    const { storage } = this.ctx;
    const unconfirmed = { allowUnconfirmed: true };
    if (way === 'put') await storage.put('u', 1);
    if (/^unconfirmed put(,|$)/.test(way)) await storage.put('u', 1, unconfirmed);
    if (way === 'unconfirmed puts') await storage.put({ u: 1, v: 2 }, unconfirmed);
    if (way === 'unconfirmed delete') await storage.delete('a', unconfirmed);
    if (way === 'unconfirmed deletes') await storage.delete(['a', 'b'], unconfirmed);
    if (way === 'unconfirmed setAlarm') await storage.setAlarm(Date.now() + 60_000, unconfirmed);
    if (way === 'unconfirmed deleteAlarm') await storage.deleteAlarm(unconfirmed);
    if (way.endsWith(', put')) await storage.put('v', 1);
    if (way.endsWith(', read')) await storage.get('a');
    if (way.endsWith(', sql read')) storage.sql.exec('SELECT * FROM parent').toArray();
    if (way.endsWith(', sql')) storage.sql.exec('INSERT INTO parent DEFAULT VALUES');
    if (way.endsWith(', sync')) await storage.sync();
    if (way.endsWith('in a transaction')) {
      await storage.transaction((txn) => txn.put('u', 1, unconfirmed));
    }
    if (way.endsWith('in transactionSync')) {
      storage.transactionSync(() => void storage.put('u', 1, unconfirmed));
    }
    if (way.endsWith('of what puts when it is read')) {
      const value = Object.defineProperty({}, 'a', {
        enumerable: true,
        get: () => void storage.put('v', 1),
      });
      if (way.startsWith('unconfirmed puts')) await storage.put({ u: value }, unconfirmed);
      else await storage.put('u', value, unconfirmed);
    }
    if (way === 'deleteAll') await storage.deleteAll(unconfirmed);
    return 'written';
  }

  async writeUnconfirmed() {
    await this.ctx.storage.put('u', 1, { allowUnconfirmed: true });
    await this.ctx.storage.delete('nothing', { allowUnconfirmed: true });
    return 'written';
  }

  async unconfirmedAndViolate() {
    this.#violate();
    await this.ctx.storage.put('u', 1, { allowUnconfirmed: true });
    return 'written';
  }

  async syncResult() {
    const { storage } = this.ctx;
    const idle = await storage.sync();
    storage.put('a', 1);
    return [idle, await storage.sync(), storage.sync() instanceof Promise];
  }

  async fetch(request) {
    const path = new URL(request.url).pathname.slice(1);
    if (path === 'violate') {
      this.#violate();
      return new Response('never seen');
    }
    if (path === 'stream') {
      const { readable, writable } = new TransformStream();
      this.ctx.waitUntil(this.#writeChunks(writable));
      return new Response(readable);
    }
    const [client, server] = Object.values(new WebSocketPair());
    server.accept();
    server.addEventListener('message', ({ data }) => this.#answer(server, data));
    return new Response(null, { status: 101, webSocket: client });
  }

  async #writeChunks(writable) {
    const writer = writable.getWriter();
    for (let i = 1; i <= 3; i++) {
      await this.ctx.storage.put('chunks', i);
      await writer.write(new TextEncoder().encode(`chunk ${i};`));
    }
    await writer.close();
  }

  #answer(server, data) {
    if (data === 'violate') {
      server.send('before');
      this.#violate();
      server.send('after');
      return;
    }
    for (let i = 0; i < 4; i++) {
      this.ctx.storage.put('n', i);
      server.send(`message ${i}`);
    }
    server.close(1000, 'done');
  }

  async twoTurnsThenAbort() {
    await this.ctx.storage.put('first', 1);
    await scheduler.wait(5);
    await this.ctx.storage.put('second', 2);
    this.ctx.abort('after two turns');
  }

  async writesThenAbort() {
    await this.ctx.storage.put('first', 1);
    await this.ctx.storage.get('first');
    await this.ctx.storage.put('second', 2);
    this.ctx.abort('after one turn');
  }

  async syncThenAbort() {
    await this.ctx.storage.put('first', 1);
    await this.ctx.storage.sync();
    this.ctx.abort('after sync');
  }

  writeInBackground() {
    this.ctx.waitUntil(scheduler.wait(5).then(() => this.ctx.storage.put('background', 'written')));
  }
}

export class Seen extends DurableObject {
  #seen = [];

  note(text) {
    this.#seen.push(text);
  }

  list() {
    return this.#seen;
  }

  fetch(request) {
    this.#seen.push(new URL(request.url).pathname);
    return new Response('noted');
  }
}

export default {
  fetch: (request, env) => answer(probes, request, env),
};
