// runtime.reload() and what the command line makes of it: new code in the place of old, while connections and hibernatable
// WebSockets stay (S2.4.1). Tests with sockets run in a process of their own: Jest's context has no WebSocketPair.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { findStore } = require('../../lib/bindings/store');
const { Runtime } = require('../../lib/runtime');
const { createRuntime } = require('../support/runtime');
const { makeProject, removeProjects, writeFiles } = require('../support/project-files');
const { startServer } = require('../support/server');
const { openSocket } = require('../support/socket');

/** @type {(() => Promise<unknown>)[]} */
const closing = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
afterAll(removeProjects);

const CONFIG = {
  name: 'app',
  main: 'index.js',
  compatibility_date: '2026-08-25',
  durable_objects: { bindings: [{ name: 'ROOM', class_name: 'Room' }] },
  migrations: [{ tag: 'v1', new_sqlite_classes: ['Room'] }],
};

/** @param {string} version */
const source = (version) => `
import { DurableObject } from 'cloudflare:workers';
const VERSION = '${version}';
let release;
export class Room extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    this.count = 0;
  }
  async fetch(request) {
    const { pathname } = new URL(request.url);
    if (pathname === '/wait') {
      await new Promise((resolve) => { release = resolve; });
      await this.ctx.storage.put('waited', VERSION);
      return new Response('waited in ' + VERSION);
    }
    if (pathname === '/hang') return new Promise(() => {});
    if (pathname === '/release') { release(); return new Response('released'); }
    if (request.headers.get('Upgrade') === null) {
      this.count += 1;
      return Response.json({ version: VERSION, count: this.count, waited: await this.ctx.storage.get('waited') });
    }
    const [client, server] = Object.values(new WebSocketPair());
    if (pathname === '/standard') {
      server.accept();
      server.addEventListener('message', ({ data }) => server.send(VERSION + ' standard ' + data));
    } else {
      this.ctx.acceptWebSocket(server, ['tag']);
      server.serializeAttachment({ since: VERSION });
    }
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) {
    const tags = this.ctx.getTags(ws).join();
    ws.send([VERSION, message, tags, ws.deserializeAttachment().since, this.ctx.getWebSockets().length].join(' '));
  }
}
export default {
  fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname === '/worker-socket') {
      const [client, server] = Object.values(new WebSocketPair());
      server.accept();
      server.addEventListener('message', ({ data }) => server.send(VERSION + ' worker ' + data));
      return new Response(null, { status: 101, webSocket: client });
    }
    return env.ROOM.getByName('room').fetch(request);
  },
};`;

const project = (config = CONFIG) =>
  makeProject({ 'wrangler.json': config, 'index.js': source('one') });

async function start(directory, options = {}) {
  const runtime = await createRuntime({
    config: directory,
    dataDir: path.join(directory, 'data'),
    ...options,
  });
  closing.push(() => runtime.close());
  const { url } = await runtime.listen({ port: 0 });
  return { runtime, url };
}

/** A server of its own process, and how it loads new code. */
async function serve(directory) {
  const server = await startServer({ project: directory, args: ['--idle-eviction-ms', '1'] });
  closing.push(() => server.stop());
  let reloads = 0;
  const reload = async () => {
    reloads += 1;
    process.kill(server.pid, 'SIGHUP');
    await server.waitForOutput(new RegExp(`(Reloaded\\n[^]*){${reloads}}`), { stream: 'stderr' });
  };
  return { server, url: server.url, reload };
}

/** @param {string} url */
async function connect(url) {
  const socket = await openSocket(url);
  closing.push(async () => socket.terminate());
  return socket;
}

const get = async (url) => (await fetch(url)).json();

test('hibernatable sockets stay and speak to the new class', async () => {
  const directory = project();
  const { url, reload } = await serve(directory);
  const [a, b] = [await connect(`${url}/ws`), await connect(`${url}/ws`)];
  a.send('hi');
  expect(await a.next()).toBe('one hi tag one 2');
  writeFiles(directory, { 'index.js': source('two') });
  await reload();
  a.send('again');
  expect(await a.next()).toBe('two again tag one 2');
  b.send('first');
  expect(await b.next()).toBe('two first tag one 2');
  writeFiles(directory, { 'index.js': source('three') });
  await reload();
  b.send('third');
  expect(await b.next()).toBe('three third tag one 2');
});

test('what a socket says while the code is replaced is not lost', async () => {
  const directory = project();
  const { url, reload } = await serve(directory);
  const socket = await connect(`${url}/ws`);
  writeFiles(directory, { 'index.js': source('two') });
  let isOver = false;
  const reloaded = reload().finally(() => (isOver = true));
  const answers = [];
  while (!isOver) {
    for (let i = 0; i < 10; i += 1) socket.send('m');
    for (let i = 0; i < 10; i += 1) answers.push(await socket.next());
  }
  await reloaded;
  socket.send('last');
  answers.push(await socket.next());
  const versions = answers.map((answer) => answer.split(' ')[0]);
  expect(versions[0]).toBe('one');
  expect(versions.at(-1)).toBe('two');
  expect(versions).toEqual([...versions].sort((a, b) => (a < b ? -1 : Number(a > b)))); // one, then two
});

test('standard sockets are closed with 1012, of objects and of Workers', async () => {
  const directory = project();
  const { url, reload } = await serve(directory);
  const standard = await connect(`${url}/standard`);
  const worker = await connect(`${url}/worker-socket`);
  standard.send('x');
  expect(await standard.next()).toBe('one standard x');
  worker.send('x');
  expect(await worker.next()).toBe('one worker x');
  writeFiles(directory, { 'index.js': source('two') });
  await reload();
  expect(await standard.closed).toEqual({ code: 1012, reason: '' });
  expect(await worker.closed).toEqual({ code: 1012, reason: '' });
  const next = await connect(`${url}/standard`);
  next.send('y');
  expect(await next.next()).toBe('two standard y');
});

test('a call under way is finished by the old code before its object starts anew', async () => {
  const directory = project();
  const { runtime, url } = await start(directory);
  await get(url);
  const waiting = fetch(`${url}/wait`);
  expect((await get(url)).count).toBe(2);
  writeFiles(directory, { 'index.js': source('two') });
  await runtime.reload();
  expect((await get(url)).version).toBe('one'); // the same instance still
  await fetch(`${url}/release`);
  expect(await (await waiting).text()).toBe('waited in one');
  let state;
  do state = await get(url);
  while (state.version === 'one');
  expect(state).toEqual({ version: 'two', count: 1, waited: 'one' });
});

test('S2.4.1 after the grace what is under way rejects', async () => {
  const directory = project();
  const { runtime } = await start(directory, { limits: { drainTimeoutMs: 50 } });
  const stub = runtime.env.ROOM.getByName('room');
  await stub.fetch('http://x/');
  const hanging = stub.fetch('http://x/hang');
  writeFiles(directory, { 'index.js': source('two') });
  await runtime.reload();
  await expect(hanging).rejects.toMatchObject({
    message: 'Durable Object reset because its code was updated.',
    durableObjectReset: true,
  });
  const renewed = await (await runtime.env.ROOM.getByName('room').fetch('http://x/')).json();
  expect(renewed.version).toBe('two');
});

test('code that cannot be loaded changes nothing', async () => {
  const directory = project();
  const { runtime, url } = await start(directory);
  await get(url);
  writeFiles(directory, { 'index.js': 'export default {}; throw new Error("at load");' });
  await expect(runtime.reload()).rejects.toThrow('at load');
  expect(await get(url)).toEqual({ version: 'one', count: 2 });
});

test('sockets of facets, which only their object can wake, are closed with 1012', async () => {
  const facets = (/** @type {string} */ version) => `
import { DurableObject } from 'cloudflare:workers';
export class Child extends DurableObject {
  fetch() {
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) { ws.send('${version} ' + message); }
}
export class Room extends DurableObject {
  fetch(request) {
    return this.ctx.facets.get('child', () => ({ class: this.ctx.exports.Child })).fetch(request);
  }
}
export default { fetch: (request, env) => env.ROOM.getByName('room').fetch(request) };`;
  const directory = makeProject({ 'wrangler.json': CONFIG, 'index.js': facets('one') });
  const { url, reload } = await serve(directory);
  const socket = await connect(url);
  socket.send('x');
  expect(await socket.next()).toBe('one x');
  writeFiles(directory, { 'index.js': facets('two') });
  await reload();
  expect(await socket.closed).toEqual({ code: 1012, reason: '' });
  const next = await connect(url);
  next.send('y');
  expect(await next.next()).toBe('two y');
});

test('migrations that rename need a new runtime', async () => {
  const directory = project();
  const { runtime, url } = await start(directory);
  await get(url);
  writeFiles(directory, {
    'wrangler.json': {
      ...CONFIG,
      durable_objects: { bindings: [{ name: 'ROOM', class_name: 'Hall' }] },
      migrations: [
        ...CONFIG.migrations,
        { tag: 'v2', renamed_classes: [{ from: 'Room', to: 'Hall' }] },
      ],
    },
    'index.js': source('two').replace('class Room', 'class Hall'),
  });
  expect(await runtime.reload()).toBe(false);
  expect((await get(url)).version).toBe('one');
});

describe('what calls the Worker by itself is of the new config, and calls the new code', () => {
  const queues = {
    producers: [{ binding: 'QUEUE', queue: 'jobs' }],
    consumers: [{ queue: 'jobs', max_batch_timeout: 0 }],
  };
  /** @param {string} version */
  const called = (version) => `
import { DurableObject } from 'cloudflare:workers';
export class Room extends DurableObject {
  note(what) { this.ctx.storage.kv.put('notes', [...this.notes(), '${version} ' + what]); }
  notes() { return this.ctx.storage.kv.get('notes') ?? []; }
  fetch() {
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) { ws.send('${version} ' + message); }
}
const room = (env) => env.ROOM.getByName('room');
export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname === '/ws') return room(env).fetch(request);
    if (pathname !== '/') await env.QUEUE.send(pathname);
    return Response.json(await room(env).notes());
  },
  scheduled: ({ cron }, env) => room(env).note(cron),
  async queue({ messages }, env) { for (const { body } of messages) await room(env).note(body); },
};`;

  /** @param {string} url @param {string[]} expected */
  async function untilNoted(url, expected) {
    for (let left = 100; left > 0; left -= 1) {
      if (JSON.stringify(await get(`${url}/`)) === JSON.stringify(expected)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(await get(`${url}/`)).toEqual(expected);
  }

  test('queues; sockets stay connected', async () => {
    const directory = makeProject({
      'wrangler.json': { ...CONFIG, triggers: { crons: ['0 0 1 1 *'] }, queues },
      'index.js': called('one'),
    });
    const { url, reload } = await serve(directory);
    const socket = await connect(`${url}/ws`);
    await get(`${url}/first`);
    await untilNoted(url, ['one /first']);
    writeFiles(directory, { 'index.js': called('two') });
    await reload();
    await get(`${url}/second`);
    await untilNoted(url, ['one /first', 'two /second']);
    socket.send('hi');
    expect(await socket.next()).toBe('two hi');
  });

  test('a consumer that goes leaves its messages, one that comes takes them', async () => {
    const directory = makeProject({
      'wrangler.json': { ...CONFIG, queues },
      'index.js': called('one'),
    });
    const { runtime, url } = await start(directory);
    const alone = { ...CONFIG, queues: { producers: queues.producers } };
    writeFiles(directory, { 'wrangler.json': alone, 'index.js': called('two') });
    expect(await runtime.reload()).toBe(true);
    await get(`${url}/waits`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await get(`${url}/`)).toEqual([]);
    writeFiles(directory, {
      'wrangler.json': { ...CONFIG, queues },
      'index.js': called('three'),
    });
    expect(await runtime.reload()).toBe(true);
    await untilNoted(url, ['three /waits']);
  });

  test('cron triggers', async () => {
    const directory = makeProject({
      'wrangler.json': { ...CONFIG, triggers: { crons: ['0 0 1 1 *', '0 0 2 1 *'] } },
      'index.js': called('one'),
    });
    const { runtime, url } = await start(directory);
    const { triggers } = findStore(Runtime.partsOf(runtime).shard, 'cron')?.env ?? {};
    expect([...triggers.keys()]).toEqual(['app 0 0 1 1 *', 'app 0 0 2 1 *']);
    writeFiles(directory, {
      'wrangler.json': { ...CONFIG, triggers: { crons: ['0 0 2 1 *', '0 0 3 1 *'] } },
      'index.js': called('two'),
    });
    expect(await runtime.reload()).toBe(true);
    expect([...triggers.keys()]).toEqual(['app 0 0 2 1 *', 'app 0 0 3 1 *']);
    for (const { run } of triggers.values()) await run(Date.now());
    expect(await get(`${url}/`)).toEqual(['two 0 0 2 1 *', 'two 0 0 3 1 *']);
  });

  test('code that cannot be loaded changes nothing of it', async () => {
    const config = { ...CONFIG, triggers: { crons: ['0 0 1 1 *'] }, queues };
    const directory = makeProject({ 'wrangler.json': config, 'index.js': called('one') });
    const { runtime, url } = await start(directory);
    writeFiles(directory, {
      'wrangler.json': CONFIG,
      'index.js': 'throw new Error("never"); export default {};',
    });
    await expect(runtime.reload()).rejects.toThrow('never');
    await get(`${url}/still`);
    await untilNoted(url, ['one /still']);
  });
});

test('several Workers are replaced together', async () => {
  const gateway = makeProject({
    'wrangler.json': {
      name: 'gateway',
      main: 'index.js',
      compatibility_date: '2026-08-25',
      durable_objects: { bindings: [{ name: 'ROOM', class_name: 'Room', script_name: 'app' }] },
    },
    'index.js':
      "export default { fetch: (request, env) => env.ROOM.getByName('room').fetch(request) };",
  });
  const rooms = project();
  const { runtime, url } = await start(gateway, { config: [gateway, rooms] });
  expect(await get(`${url}/`)).toMatchObject({ version: 'one', count: 1 });
  writeFiles(rooms, { 'index.js': source('two') });
  expect(await runtime.reload()).toBe(true);
  expect(await get(`${url}/`)).toMatchObject({ version: 'two', count: 1 });
});

test('a new class and new variables come with a reload', async () => {
  const directory = project();
  const { runtime, url } = await start(directory);
  await get(url);
  writeFiles(directory, {
    'wrangler.json': {
      ...CONFIG,
      vars: { GREETING: 'hello' },
      durable_objects: {
        bindings: [...CONFIG.durable_objects.bindings, { name: 'OTHER', class_name: 'Other' }],
      },
      migrations: [...CONFIG.migrations, { tag: 'v2', new_sqlite_classes: ['Other'] }],
    },
    'index.js': `${source('two')}
export class Other extends DurableObject { greet() { return this.env.GREETING; } }`,
  });
  expect(await runtime.reload()).toBe(true);
  expect(await runtime.env.OTHER.getByName('x').greet()).toBe('hello');
});

test('reload() takes no other options and needs a Worker', async () => {
  const { runtime } = await start(project());
  await expect(runtime.reload(/** @type {any} */ ({ dataDir: 'x' }))).rejects.toThrow(
    'reload() has no option dataDir',
  );
});

describe('the command line', () => {
  test('start survives what it cannot load on SIGHUP', async () => {
    const directory = project();
    const { server, url, reload } = await serve(directory);
    const socket = await connect(`${url}/ws`);
    writeFiles(directory, { 'index.js': 'export default {;' });
    process.kill(server.pid, 'SIGHUP');
    await server.waitForOutput(/index\.js:1:17: /, { stream: 'stderr' });
    writeFiles(directory, { 'index.js': 'export default {}; throw new Error("at load");' });
    process.kill(server.pid, 'SIGHUP');
    await server.waitForOutput(/at load/, { stream: 'stderr' });
    socket.send('hi');
    expect(await socket.next()).toBe('one hi tag one 1');
    writeFiles(directory, { 'index.js': source('two') });
    await reload();
    socket.send('again');
    expect(await socket.next()).toBe('two again tag one 1');
    expect(await server.stop()).toEqual({ code: 0, signal: null });
  });

  test('dev reloads on save with hibernated sockets kept', async () => {
    const directory = project();
    const server = await startServer({ project: directory, command: 'dev' });
    closing.push(() => server.stop());
    const socket = await connect(`${server.url}/ws`);
    fs.writeFileSync(path.join(directory, 'index.js'), source('two'));
    await server.waitForOutput(/Reloaded\n/, { stream: 'stderr' });
    socket.send('again');
    expect(await socket.next()).toBe('two again tag one 1');
  });
});
