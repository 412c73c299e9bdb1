// The globals of a program that has a runtime inside are its own (docs/decisions/0016-globals.md); what Workers' code sees are
// Workers'. The Workers run in a program of its own, for Jest has a global object of its own as well.
/* global WebSocketPair */
'use strict';

const { spawnSync } = require('node:child_process');
const path = require('node:path');
const { createRuntime, DurableObject } = require('../support/runtime');
const { boundRuntime } = require('../support/bound-project');
const { removeProjects } = require('../support/project-files');

/** @param {string[]} args @returns {any} what the program prints */
function run(...args) {
  const program = path.join(__dirname, 'programs/globals.js');
  const { stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout);
}

test('a Worker has its own globals, and those of the program stay', () => {
  const { changed, seen, answer } = run('worker');
  expect(changed).toEqual([]);
  expect(answer).toEqual({
    isResponse: true,
    isHeaders: true,
    isForm: true,
    file: ['a.txt', 'of a file'],
    passedOn: 'a text',
    type: 'text/plain;charset=UTF-8',
  });
  expect(seen).toEqual({
    navigator: 'Cloudflare-Workers',
    isOne: true,
    instances: [true, true, true, true, true],
    package: ['patched', 'function', true],
    flags: [true, null],
    timers: 'the object waited',
  });
});

test('two Workers of one process do not share what they patch', () => {
  expect(run('two')).toEqual({ first: 'patched', second: 'function' });
});

test('S8.2 modules that are found at run time have them, too', async () => {
  const source = `
    const name = () => './extra.mjs';
    export default { fetch: async () => new Response((await import(name())).default) };`;
  const extra = `
    import { env } from 'cloudflare:workers';
    export default [typeof WebSocketPair, env.TEXT, globalThis === self].join();`;
  const rules = [{ type: 'ESModule', globs: ['**/*.mjs'] }];
  const config = { find_additional_modules: true, rules, vars: { TEXT: 'a text' } };
  const runtime = await boundRuntime(config, { source, files: { 'extra.mjs': extra } });
  try {
    expect(await (await runtime.fetch('http://a.test/')).text()).toBe('function,a text,true');
  } finally {
    await runtime.close();
    removeProjects();
  }
});

test('two copies of the package load Workers side by side', async () => {
  const source = 'export default { fetch: () => new Response(typeof WebSocketPair) };';
  const first = await boundRuntime({}, { source });
  jest.resetModules();
  const other = require('../support/bound-project');
  const second = await other.boundRuntime({}, { source });
  try {
    for (const runtime of [first, second])
      expect(await (await runtime.fetch('http://a.test/')).text()).toBe('function');
  } finally {
    await Promise.all([first.close(), second.close()]);
    require('../support/project-files').removeProjects();
    removeProjects();
  }
});

test('classes of the program find them while they run as objects', () => {
  const { changed, inside, outside, closed } = run('classes');
  expect(inside).toEqual({ navigator: 'Cloudflare-Workers', pair: 'function', isOwn: false });
  expect(outside).toEqual({ pair: 'undefined', isOwn: true, status: 101, hasSocket: true });
  expect(changed).toEqual([]);
  expect(closed).toEqual([]);
});

test('a Worker hears of its own rejections, the process of all others as ever', () => {
  expect(run('rejections')).toEqual({
    listeners: [0, 0],
    seen: ['of the Worker'],
    ended: 'of the program',
  });
});

test('who asks for them gets them', () => {
  expect(run('everywhere')).toEqual({ pair: 'function', isOwn: false, nodeIsInstance: true });
});

// Jest's own global object, its fake timers included.
class Timed extends DurableObject {
  async soon() {
    return new Promise((resolve) => setTimeout(() => resolve('fired'), 1_000_000));
  }
  async upgrade() {
    const { 0: client, 1: server } = /** @type {any} */ (new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, /** @type {any} */ ({ status: 101, webSocket: client }));
  }
  fetch() {
    return this.upgrade();
  }
}

test('under Jest, with fake timers', async () => {
  const NodeResponse = Response;
  const runtime = await createRuntime({ durableObjects: { TIMED: Timed } });
  try {
    const stub = runtime.env.TIMED.getByName('a');
    const init = { headers: { upgrade: 'websocket' } };
    const answer = /** @type {any} */ (await stub.fetch('http://a.test/', init));
    expect(answer).toBeInstanceOf(NodeResponse);
    expect(Response).toBe(NodeResponse);
    expect(typeof answer.webSocket.accept).toBe('function');
    await stub.fetch('http://a.test/', init);
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    const soon = stub.soon();
    for (let count = 0; count === 0; count = jest.getTimerCount())
      await new Promise((resolve) => setImmediate(resolve));
    jest.advanceTimersByTime(1_000_000);
    expect(await soon).toBe('fired');
  } finally {
    jest.useRealTimers();
    await runtime.close();
  }
});
