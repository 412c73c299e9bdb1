// facet-classes.js: what the programs of facets/ make facets of.
import { DurableObject } from 'cloudflare:workers';
import { attempt } from './probe.js';

export class Counter extends DurableObject {
  #memory = 0;

  async fetch(request) {
    const { pathname, search } = new URL(request.url);
    if (pathname === '/slow') await new Promise((resolve) => setTimeout(resolve, 5000));
    if (pathname === '/fail') throw new RangeError('the handler failed');
    return new Response(`${pathname}${search} ${await request.text()}`, {
      status: 201,
      headers: { 'x-method': request.method },
    });
  }
  increment() {
    this.#memory += 1;
    const value = (this.ctx.storage.kv.get('count') ?? 0) + 1;
    this.ctx.storage.kv.put('count', value);
    return value;
  }
  memory() {
    return this.#memory;
  }
  get(key) {
    return this.ctx.storage.get(key);
  }
  put(key, value) {
    return this.ctx.storage.put(key, value);
  }
  sql() {
    const { sql } = this.ctx.storage;
    sql.exec('CREATE TABLE IF NOT EXISTS t (n INTEGER)');
    sql.exec('INSERT INTO t VALUES (1)');
    return sql.exec('SELECT count(*) AS n FROM t').one();
  }
  identity() {
    const { id } = this.ctx;
    return [String(id), typeof id, id.name];
  }
  idKind() {
    return typeof this.ctx.id;
  }
  props() {
    return this.ctx.props;
  }
  slow() {
    return new Promise((resolve) => setTimeout(resolve, 5000));
  }
  take(value) {
    return `took ${typeof value}`;
  }
  callWith(fn) {
    return fn('a value');
  }
  fail() {
    throw new RangeError('the method failed');
  }
  abortMe() {
    this.ctx.abort('aborted itself');
  }
  block(ms) {
    return this.ctx.blockConcurrencyWhile(() => new Promise((resolve) => setTimeout(resolve, ms)));
  }
  envKeys(keys) {
    return [keys, Object.keys(this.env)];
  }
  later() {
    this.ctx.waitUntil(
      new Promise((resolve) => setTimeout(resolve, 5)).then(() =>
        this.ctx.storage.put('later', 'came'),
      ),
    );
  }
  setAlarm() {
    return this.ctx.storage.setAlarm(Date.now() + 100_000);
  }
}

export class Nested extends Counter {
  child(name, method, ...args) {
    return this.ctx.facets.get(name, () => ({ class: this.ctx.exports.Counter }))[method](...args);
  }
  abortChild(name) {
    this.ctx.facets.abort(name, new Error('stopped'));
  }
  deleteChild(name) {
    this.ctx.facets.delete(name);
  }
  deleteAll() {
    return this.ctx.storage.deleteAll();
  }
  async down(levels) {
    if (levels === 0) return 'the bottom';
    const below = this.ctx.facets.get('below', () => ({ class: this.ctx.exports.Nested }));
    return `${await below.down(levels - 1)}, up`;
  }
}

export class Alarmed extends Counter {
  alarm() {}
  getAlarm() {
    return this.ctx.storage.getAlarm();
  }
  async setAlarmCaught() {
    return attempt(() => this.ctx.storage.setAlarm(Date.now() + 100_000));
  }
  async setAlarmLater() {
    this.ctx.storage.setAlarm(Date.now() + 100_000);
    return 'asked for';
  }
  deleteAlarm() {
    return this.ctx.storage.deleteAlarm();
  }
}

export class Broken extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    throw new RangeError('not built');
  }
  method() {}
}

export class Plain {
  fetch() {
    return new Response('of a plain class');
  }
  method() {}
}
