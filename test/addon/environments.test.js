// The addon in Node environments that come and go: several runtimes, exits without close(), worker threads.
'use strict';

const { spawn } = require('node:child_process');
const path = require('node:path');
const addon = require('../../lib/native');
const { temporaryDirectory } = require('../support/server');
const { openCounters } = require('./programs/counter');

/**
 * Runs a program to its end.
 * @param {string} name
 * @returns {Promise<{code: number | null, signal: string | null, output: string}>}
 */
function run(name) {
  const program = path.join(__dirname, 'programs', name);
  const child = spawn(process.execPath, [program, temporaryDirectory('addon')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (output += text));
  }
  return new Promise((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, output }));
  });
}

describe('several runtimes in one environment', () => {
  test('S1.1.1 two runtimes share nothing', async () => {
    await using(2, async ([one, two]) => {
      expect(await one.env.COUNTER.getByName('a').increment()).toBe(1);
      expect(await one.env.COUNTER.getByName('a').increment()).toBe(2);
      expect(await two.env.COUNTER.getByName('a').increment()).toBe(1);
    });
  });

  test('closing one leaves the other at work', async () => {
    await using(2, async ([one, two]) => {
      await one.env.COUNTER.getByName('a').increment();
      await one.close();
      expect(await two.env.COUNTER.getByName('a').increment()).toBe(1);
    });
  });

  test('a data directory can be opened again and again', async () => {
    const dataDir = temporaryDirectory('addon');
    for (let round = 1; round <= 20; round += 1) {
      const runtime = await openCounters({ dataDir });
      expect(await runtime.env.COUNTER.getByName('a').increment()).toBe(round);
      await runtime.close();
    }
  });

  test('a data directory in use is refused with a reason and stays usable', async () => {
    const dataDir = temporaryDirectory('addon');
    const first = await openCounters({ dataDir });
    await expect(openCounters({ dataDir })).rejects.toThrow(new RegExp(String(process.pid)));
    expect(await first.env.COUNTER.getByName('a').increment()).toBe(1);
    await first.close();
  });
});

describe('close()', () => {
  test('is the same promise however often it is called', async () => {
    const runtime = await openCounters();
    await Promise.all([runtime.close(), runtime.close()]);
    await runtime.close();
  });

  test('S2.4 rejects the calls that are under way', async () => {
    const runtime = await openCounters();
    const stub = runtime.env.COUNTER.getByName('a');
    await stub.increment();
    const calls = [stub.never(), stub.increment(), runtime.env.COUNTER.getByName('b').never()];
    const settled = Promise.allSettled(calls);
    await runtime.close();
    const [never, increment, other] = await settled;
    expect(never.status).toBe('rejected');
    expect(other.status).toBe('rejected');
    expect(['fulfilled', 'rejected']).toContain(increment.status);
  });

  test('S12.1 keeps what was acknowledged before', async () => {
    const dataDir = temporaryDirectory('addon');
    const first = await openCounters({ dataDir });
    const stub = first.env.COUNTER.getByName('a');
    const answered = await Promise.all(Array.from({ length: 10 }, () => stub.increment()));
    await first.close();
    const second = await openCounters({ dataDir });
    const next = await second.env.COUNTER.getByName('a').increment();
    await second.close();
    expect(next).toBe(Math.max(...answered) + 1);
  });

  test('a call after it rejects', async () => {
    const runtime = await openCounters();
    const stub = runtime.env.COUNTER.getByName('a');
    await stub.increment();
    await runtime.close();
    await expect(stub.increment()).rejects.toThrow();
  });

  test('every native method can be called after it', async () => {
    const native = new addon.Runtime({}, { onTurn: () => {}, onWords: () => {}, onRest: () => {} });
    // Those that are called often are bound to the object.
    const bound = Object.keys(native).filter((name) => typeof native[name] === 'function');
    const names = [...Object.getOwnPropertyNames(addon.Runtime.prototype), ...bound];
    expect(names).toEqual(expect.arrayContaining(['openFacet', 'openActor', 'kvGet']));
    await native.close();
    for (const name of names.filter((other) => other !== 'constructor')) {
      try {
        await native[name](1, 1, 'a', 'b', 1);
      } catch (error) {
        expect(String(error)).toContain('The runtime is closed.');
      }
    }
  });
});

describe('processes', () => {
  test('an idle process ends by itself without close()', async () => {
    expect(await run('idle-exit.js')).toEqual({ code: 0, signal: null, output: '1\n' });
  });

  test('process.exit() in the middle of a call is clean', async () => {
    expect(await run('never-answered.js')).toEqual({ code: 7, signal: null, output: '1\n' });
  });

  test('worker threads terminated in the middle of a turn crash nothing', async () => {
    expect(await run('terminate.js')).toEqual({ code: 0, signal: null, output: '1\n' });
  });

  test('worker threads terminated in a native call, the only users of the addon, crash nothing', async () => {
    expect(await run('terminate-in-call.js')).toEqual({ code: 0, signal: null, output: 'ended\n' });
  });
});

describe('Jest', () => {
  test('loads the package a second time beside the first', async () => {
    const before = require('./programs/counter');
    jest.resetModules();
    const after = require('./programs/counter');
    expect(after.openCounters).not.toBe(before.openCounters);
    const runtimes = [await before.openCounters(), await after.openCounters()];
    for (const runtime of runtimes) {
      expect(await runtime.env.COUNTER.getByName('a').increment()).toBe(1);
      await runtime.close();
    }
  });
});

/** @param {number} count @param {(runtimes: any[]) => Promise<void>} body */
async function using(count, body) {
  const runtimes = await Promise.all(Array.from({ length: count }, () => openCounters()));
  try {
    await body(runtimes);
  } finally {
    for (const runtime of runtimes) await runtime.close();
  }
}
