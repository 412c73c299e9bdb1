// What is said to each of celld's examples, and what must come back. A conversation gets the address of a running server, and
// restart(), which ends it with SIGKILL and gives the address of the next one on the same data.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import socketClient from '../support/socket.js';

const pollMs = 50;
const pollsMax = 200;

/** @param {string} url @param {RequestInit} [init] */
async function json(url, init) {
  const response = await fetch(url, {
    ...init,
    headers: { connection: 'close', ...init?.headers },
  });
  assert.equal(response.status, 200, await response.clone().text());
  return response.json();
}

/** @param {unknown} body @returns {RequestInit} */
const post = (body, method = 'POST') => ({ method, body: JSON.stringify(body) });

/** Serves one text while `use` runs. @param {string} text @param {(url: string) => Promise<void>} use */
async function withServer(text, use) {
  const server = createServer((_request, response) => response.end(text));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use(`http://127.0.0.1:${server.address().port}/`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** @type {Record<string, (url: string, restart: () => Promise<string>) => Promise<void>>} */
export const conversations = {
  async rpc(url, restart) {
    assert.deepEqual(await json(`${url}/deposit`), { balance: 10 });
    assert.deepEqual(await json(`${url}/deposit-many`), { total: 16, running: [11, 13, 16] });
    assert.deepEqual(await json(`${url}/entrypoint`), { sum: 42 });
    assert.deepEqual(await json(`${url}/adder`), { sum: 42 });
    const steps = [
      { v: 1, running: 1 },
      { v: 2, running: 3 },
      { v: 3, running: 6 },
    ];
    assert.deepEqual(await json(`${url}/callback`), { total: 6, steps });
    assert.deepEqual(await json(`${url}/receipt`), { describe: 'acct-1 holds 100' });
    assert.deepEqual(await json(`${url}/pipeline`), { describe: 'acct-9 holds 7' });
    assert.deepEqual(await json(await restart()), { balance: 16 });
  },

  async counter(url, restart) {
    assert.deepEqual(await json(`${url}/a?b=c`), { n: 1, url: `${url}/a?b=c` });
    const many = await Promise.all(Array.from({ length: 20 }, () => json(url)));
    const numbers = many.map(({ n }) => n).sort((a, b) => a - b);
    assert.deepEqual(
      numbers,
      Array.from({ length: 20 }, (_, i) => i + 2),
    );
    assert.equal((await json(await restart())).n, 22);
  },

  async alarm(url, restart) {
    const before = Date.now();
    const { armed, at } = await json(`${url}/arm`);
    assert.equal(armed, true);
    assert.ok(at >= before + 2000, `${at} is not two seconds after ${before}`);
    assert.deepEqual(await json(url), { fires: 0, pendingAlarm: at });
    const next = await restart();
    let state = await json(next);
    for (let poll = 0; poll < pollsMax && state.fires === 0; poll += 1) {
      await new Promise((resolve) => setTimeout(resolve, pollMs));
      state = await json(next);
    }
    assert.deepEqual(state, { fires: 1, pendingAlarm: null });
    assert.ok(Date.now() >= at, 'the alarm ran before its time');
  },

  async async(url) {
    const { waitedMs } = await json(`${url}/timer`);
    assert.ok(waitedMs >= 29, `it waited ${waitedMs} ms`);
    await withServer('from outside', async (outside) => {
      const answer = await json(`${url}/fetch?url=${encodeURIComponent(outside)}`);
      assert.deepEqual(answer, { status: 200, len: 12 });
    });
    const numbers = [];
    for (let i = 0; i < 3; i += 1) numbers.push((await json(url)).n);
    assert.deepEqual(numbers, [1, 2, 3]);
  },

  async body(url) {
    assert.deepEqual(await json(`${url}/one`, post({ n: 2, t: 'ä' })), {
      echoed: { n: 2, t: 'ä' },
      sum: 2,
    });
    assert.equal((await json(`${url}/one`, post({ n: 3 }, 'PUT'))).sum, 5);
    assert.equal((await json(`${url}/two`, post({ n: 7 }))).sum, 7);
    const long = 'x'.repeat(200_000);
    assert.equal((await json(`${url}/one`, post({ n: 1, long }))).echoed.long, long);
    assert.deepEqual(await json(`${url}/one`), { method: 'GET', bodyLen: 0 });
    assert.deepEqual(await json(`${url}/one`, { method: 'DELETE', body: 'gone' }), {
      method: 'DELETE',
      bodyLen: 4,
    });
  },

  async router(url, restart) {
    assert.deepEqual(await json(`${url}/alice`), { name: 'alice', n: 1 });
    assert.deepEqual(await json(`${url}/bob`), { name: 'bob', n: 1 });
    assert.deepEqual(await json(`${url}/alice`), { name: 'alice', n: 2 });
    assert.deepEqual(await json(url), { name: 'default', n: 1 });
    assert.deepEqual(await json(`${await restart()}/alice`), { name: 'alice', n: 3 });
  },

  async hello(url) {
    const response = await fetch(`${url}/there`, { headers: { connection: 'close' } });
    assert.equal(await response.text(), `Hello from cells! url=${url}/there`);
  },

  async webapi(url) {
    assert.deepEqual(await json(`${url}/a/path?foo=bar`), {
      ...{ pathname: '/a/path', search: '?foo=bar', query_foo: 'bar', protocol: 'http:' },
      ...{ encoded_len: 5, b64: 'aGVsbG8=', back: 'hello', header: '1, 2' },
      host: new URL(url).host,
    });
  },

  async wsecho(url, restart) {
    assert.equal((await fetch(url, { headers: { connection: 'close' } })).status, 426);
    const speak = async (/** @type {string} */ base, /** @type {number} */ count) => {
      const socket = await socketClient.openSocket(base);
      socket.send('hello');
      assert.deepEqual(JSON.parse(String(await socket.next())), { echo: 'hello', count });
      socket.terminate();
    };
    await speak(url, 1);
    await speak(url, 2);
    await speak(await restart(), 3);
  },

  async wsclient(url) {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await new Promise((resolve) => server.on('listening', resolve));
    server.on('connection', (socket) =>
      socket.on('message', (data, binary) => socket.send(data, { binary })),
    );
    const target = `ws://127.0.0.1:${server.address().port}/`;
    const connect = { ...post({ url: target, message: 'hello' }) };
    const response = await fetch(`${url}/connect`, connect);
    assert.equal(response.status, 202);
    await response.text();
    let heard = await json(url);
    for (let poll = 0; poll < pollsMax && heard.message === undefined; poll += 1) {
      await new Promise((resolve) => setTimeout(resolve, pollMs));
      heard = await json(url);
    }
    assert.deepEqual(heard, { message: 'hello', binary: false, error: false });
    server.close();
  },
};
