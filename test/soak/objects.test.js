// Random calls, RPC, alarms, aborts and evictions over many objects: every answer is what the model says, and memory is stable.
// The command for the long form is in docs/testing.md.
'use strict';

const path = require('node:path');
const { metrics } = require('../support/metrics');
const { randomFrom, seed } = require('../support/random');
const { startServer, temporaryDirectory } = require('../support/server');
const { newAccount, operations } = require('./operations');

const SECONDS = Number(process.env.HOLDFAST_SOAK_SECONDS ?? 5);
const CLIENTS = 64;
/** Of each client; half of them have a peer. Most are evicted between two calls. */
const ACCOUNTS = SECONDS > 60 ? 50 : 10;
const SAMPLE_MS = SECONDS * 10;
const SETTLE_MS = 60_000;
/** What resident memory may grow by over the last two thirds, along the line through its samples. Caches fill in the short form. */
const GROWTH_BYTES_MAX = (SECONDS > 60 ? 24 : 64) * 1024 * 1024;

const below = randomFrom(seed);
const names = Object.keys(operations);

/** @param {string} url @param {object} call */
async function ask(url, call) {
  const signal = AbortSignal.timeout(SETTLE_MS);
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(call), signal });
  return response.json();
}

/** One operation on one of its accounts. @param {string} url @param {import('./operations').Account[]} accounts */
async function operate(url, accounts) {
  const account = accounts[below(accounts.length)];
  const operation = names[below(names.length)];
  const n = below(1_000);
  const before = { ...account };
  const { method = operation, args = [n], answer } = operations[operation](account, n);
  const call = { name: account.name, method, args };
  try {
    const got = await ask(url, call);
    expect(got).toEqual(answer);
  } catch (error) {
    const situation = JSON.stringify({ seed, before, call });
    throw new Error(`${situation}: ${/** @type {Error} */ (error).message}`, { cause: error });
  }
}

/** The slope of the line through the samples, over all of them. @param {number[]} samples @returns {number} growth */
function growth(samples) {
  if (samples.length < 2) return 0; // too short a run to tell
  const mean = (/** @type {number[]} */ list) =>
    list.reduce((sum, one) => sum + one, 0) / list.length;
  const x = mean(samples.map((_one, at) => at));
  const y = mean(samples);
  const slope =
    samples.reduce((sum, one, at) => sum + (at - x) * (one - y), 0) /
    samples.reduce((sum, _one, at) => sum + (at - x) ** 2, 0);
  return slope * (samples.length - 1);
}

/** @param {string} admin @param {(value: (name: string) => number) => boolean} isDone */
async function until(admin, isDone) {
  const end = performance.now() + SETTLE_MS;
  for (;;) {
    if (isDone(await metrics(admin))) return;
    if (performance.now() > end) throw new Error(`seed ${seed}: it does not settle`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** @type {any} */
let server;
// A failure leaves clients in the middle of a call.
afterEach(() => server?.kill());

const kResident = 'holdfast_memory_bytes{state="resident"}';

test(
  `random calls, aborts and evictions for ${SECONDS} s: the model is right, memory stable`,
  async () => {
    const admin = path.join(temporaryDirectory(), 'admin.sock');
    server = await startServer({
      project: 'test/soak/objects',
      args: [
        '--data-dir',
        temporaryDirectory(),
        '--admin-socket',
        admin,
        '--idle-eviction-ms',
        '100',
      ],
    });
    const clients = Array.from({ length: CLIENTS }, (_client, c) =>
      Array.from({ length: ACCOUNTS }, (_account, a) => newAccount(`account-${c}-${a}`)),
    );
    /** @type {number[]} */
    const samples = [];
    let calls = 0;
    const start = performance.now();
    const isOver = () => performance.now() - start >= SECONDS * 1_000;
    const sampling = async () => {
      while (!isOver()) {
        samples.push((await metrics(admin))(kResident));
        await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
      }
    };
    const client = async (/** @type {import('./operations').Account[]} */ accounts) => {
      for (; !isOver(); calls += 1) await operate(server.url, accounts);
    };
    await Promise.all([sampling(), ...clients.map(client)]);

    // Every alarm runs, those that failed once as well, and whatever was evicted says what it said.
    const left = [
      'alarms{state="waiting"}',
      'alarms{state="running"}',
      'objects{state="resident"}',
    ];
    await until(admin, (value) => left.every((name) => value(`holdfast_${name}`) === 0));
    for (const account of clients.flat()) {
      const { name, total, due } = account;
      expect(await ask(server.url, { name, method: 'total', args: [] })).toEqual({ value: total });
      if (due === undefined) continue;
      expect(await ask(server.url, { name, method: 'ran', args: [] })).toEqual({ value: due });
    }
    const late = samples.slice(Math.floor(samples.length / 3));
    const grown = growth(late);
    const MiB = 1024 * 1024;
    console.log(
      `${calls} calls; resident ${Math.round(late[0] / MiB)} to ${Math.round((late.at(-1) ?? 0) / MiB)} MiB, growth ${(grown / MiB).toFixed(1)} MiB`,
    );
    expect(grown).toBeLessThan(GROWTH_BYTES_MAX);
    expect((await server.stop()).code).toBe(0);
  },
  SECONDS * 1_000 + 3 * SETTLE_MS,
);
