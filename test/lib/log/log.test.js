// What the log of a server looks like: labels of objects, and lines in JSON.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { DurableObject } = require('../../../lib/workers');
const { createRuntime } = require('../../support/runtime.js');
const { startServer, temporaryDirectory } = require('../../support/server.js');
const { installLog } = require('../../../lib/log/install-log');
const { jsonLine, labelled } = require('../../../lib/log/log-lines');

const named = { namespace: 'Room', id: 'ab'.repeat(32), name: '100 %s' };

describe('labels', () => {
  test('the object is in front, and a format stays one', () => {
    expect(labelled(['text'], { namespace: 'Room', id: '0123456789abcdef' })).toEqual([
      '[Room 01234567] text',
    ]);
    expect(labelled(['%d of %s', 1, 'x'], named)).toEqual(['[Room 100 %%s] %d of %s', 1, 'x']);
    expect(labelled(['text'], named)).toEqual(['[Room 100 %s] text']);
    expect(labelled([{ a: 1 }], named)).toEqual(['[Room 100 %s]', { a: 1 }]);
    expect(labelled([], named)).toEqual(['[Room 100 %s]']);
  });

  test('what is no object has none', () => {
    expect(labelled(['a', 1], { worker: 'app' })).toEqual(['a', 1]);
    expect(labelled(['a'], {})).toEqual(['a']);
  });
});

test('a line in JSON', () => {
  const line = jsonLine('warn', 'two\nlines', named, 0);
  expect(line).toMatch(/^[^\n]+\n$/);
  expect(JSON.parse(line)).toEqual({
    time: '1970-01-01T00:00:00.000Z',
    level: 'warn',
    message: 'two\nlines',
    ...named,
  });
});

/** Its methods write to `lines`. */
function fakeConsole() {
  const lines = [];
  const target = { table: (...args) => lines.push(['table', ...args]) };
  for (const name of ['debug', 'error', 'info', 'log', 'trace', 'warn'])
    target[name] = (...args) => lines.push([name, ...args]);
  return { lines, target };
}

test('code of objects is told from other code', async () => {
  const { lines, target } = fakeConsole();
  installLog('text', { console: target });
  class Talking extends DurableObject {
    async say(text) {
      target.log(text);
      await null;
      target.error('%s later', text);
      target.table([1]);
    }
  }
  const runtime = await createRuntime({ durableObjects: { TALKING: Talking } });
  const unnamed = runtime.env.TALKING.newUniqueId();
  await runtime.env.TALKING.getByName('lobby').say('hello');
  await runtime.env.TALKING.get(unnamed).say('hello');
  target.warn('outside');
  const label = `[Talking ${String(unnamed).slice(0, 8)}]`;
  expect(lines).toEqual([
    ['log', '[Talking lobby] hello'],
    ['error', '[Talking lobby] %s later', 'hello'],
    ['table', [1]],
    ['log', `${label} hello`],
    ['error', `${label} %s later`, 'hello'],
    ['table', [1]],
    ['warn', 'outside'],
  ]);
});

test('each call of console is one line in JSON', () => {
  const { target } = fakeConsole();
  const written = { stdout: '', stderr: '' };
  const stream = (name) => ({ write: (text) => (written[name] += text) });
  installLog('json', { console: target, stdout: stream('stdout'), stderr: stream('stderr') });
  target.log('%s and %o', 'a', { b: 1 });
  target.info(new Map([['k', 1]]));
  target.debug('quiet');
  target.warn('careful');
  target.assert(false, 'not so');
  target.table([{ a: 1 }]);
  const entries = (text) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
      .map(({ level, message }) => [level, message]);
  const [first, second, third, table] = entries(written.stdout);
  expect(first).toEqual(['log', 'a and { b: 1 }']);
  expect(second).toEqual(['info', "Map(1) { 'k' => 1 }"]);
  expect(third).toEqual(['debug', 'quiet']);
  expect(table[1]).toMatch(/│ 1 │/);
  expect(entries(written.stderr)).toEqual([
    ['warn', 'careful'],
    ['error', 'Assertion failed: not so'],
  ]);
});

test('--log-format json: all that a server says is JSON', async () => {
  const directory = temporaryDirectory('log');
  fs.writeFileSync(
    path.join(directory, 'wrangler.json'),
    JSON.stringify({
      name: 'app',
      main: 'index.mjs',
      compatibility_date: '2026-01-01',
      placement: { mode: 'smart' },
      durable_objects: { bindings: [{ name: 'ROOM', class_name: 'Room' }] },
      migrations: [{ tag: 'v1', new_sqlite_classes: ['Room'] }],
    }),
  );
  fs.writeFileSync(
    path.join(directory, 'index.mjs'),
    `import { DurableObject } from 'cloudflare:workers';
     export class Room extends DurableObject {
       fetch() { console.log('in the room'); this.ctx.waitUntil(Promise.reject(new Error('in vain'))); return new Response('ok'); }
     }
     export default { fetch(request, env) { console.warn('of the Worker'); return env.ROOM.getByName('lobby').fetch(request); } };`,
  );
  const server = await startServer({ project: directory, args: ['--log-format', 'json'] });
  await (await fetch(server.url)).text();
  await server.stop();
  const entries = `${server.output.stdout}${server.output.stderr}`
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const said = (text) => entries.find(({ message }) => message.includes(text));
  expect(said('Ready on')).toMatchObject({ level: 'info' });
  expect(said('of the Worker')).toMatchObject({ level: 'warn', worker: 'app' });
  const room = { namespace: 'Room', name: 'lobby', id: expect.stringMatching(/^[0-9a-f]{64}$/) };
  expect(said('in the room')).toMatchObject({ level: 'log', ...room });
  expect(said('in vain')).toMatchObject({ level: 'error' });
  for (const { time } of entries) expect(new Date(time).toISOString()).toBe(time);
});
