// What drivers talk with: requests, sockets, and waiting for what comes by itself.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import socketClient from '../../support/socket.js';

const pollMs = 50;
const pollsMax = 400;

/**
 * One request on a connection of its own, so that none of an ended server is used again. Redirects are not followed. Unlike fetch(),
 * it sends every header as given.
 * @param {string} url
 * @param {{method?: string, headers?: Record<string, string>, body?: string | Uint8Array}} [init]
 * @returns {Promise<{status: number | undefined, headers: Headers, body: string}>}
 */
export function ask(url, { method = 'GET', headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false }, async (response) => {
      const chunks = await response.toArray().catch(reject);
      if (chunks === undefined) return;
      const received = new Headers();
      for (const [name, values] of Object.entries(response.headersDistinct))
        for (const value of values ?? []) received.append(name, value);
      resolve({
        status: response.statusCode,
        headers: received,
        body: Buffer.concat(chunks).toString(),
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/**
 * The JSON of a response with status 200.
 * @param {string} url @param {Parameters<typeof ask>[1]} [init]
 */
export async function askJson(url, init) {
  const { status, body } = await ask(url, init);
  assert.equal(status, 200, body);
  return JSON.parse(body);
}

/** @param {unknown} body */
export const posted = (body) => ({ method: 'POST', body: JSON.stringify(body) });

/**
 * A WebSocket whose messages are JSON.
 * @param {string} url
 */
export async function openJsonSocket(url) {
  const socket = await socketClient.openSocket(url);
  return {
    /** @param {unknown} message */
    send: (message) => socket.send(JSON.stringify(message)),
    next: async () => JSON.parse(String(await socket.next())),
    /** Resolves with the first message that `wanted` accepts; those before it are left out. */
    async until(/** @type {(message: any) => unknown} */ wanted) {
      for (;;) {
        const message = JSON.parse(String(await socket.next()));
        if (wanted(message)) return message;
      }
    },
    close: () => socket.close(1000),
    terminate: () => socket.terminate(),
    closed: socket.closed,
  };
}

/**
 * Asks again until the answer is the wanted one.
 * @template T
 * @param {() => Promise<T>} question @param {(answer: T) => unknown} wanted
 * @returns {Promise<T>}
 */
export async function eventually(question, wanted) {
  for (let poll = 0; ; poll += 1) {
    const answer = await question();
    if (wanted(answer)) return answer;
    assert.ok(poll < pollsMax, `it stayed ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/**
 * A package that the program itself has installed: what its clients speak with.
 * @param {string} folder of the program @param {string} name
 */
export function packageOf(folder, name) {
  return createRequire(path.join(folder, 'package.json'))(name);
}

export const { openSocket } = socketClient;
