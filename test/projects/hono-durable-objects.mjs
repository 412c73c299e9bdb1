// honojs/examples: durable-objects
import assert from 'node:assert/strict';
import { ask } from './harness/talk.mjs';

/** @type {import('./harness/serve-checkout.mjs').Driver} */
export default {
  folder: 'durable-objects',
  entry: 'src/index.ts',
  async converse({ url, restart }) {
    const count = async (/** @type {string} */ base, /** @type {string} */ path) =>
      (await ask(`${base}${path}?name=A`)).body;
    assert.match((await ask(url)).body, /\?name=A/);
    assert.equal(await count(url, '/increment'), "Durable Object 'A' count: 1");
    assert.equal(await count(url, '/increment'), "Durable Object 'A' count: 2");
    assert.equal(await count(url, '/decrement'), "Durable Object 'A' count: 1");
    assert.equal((await ask(`${url}/?name=B`)).body, "Durable Object 'B' count: 0");
    assert.equal((await ask(`${url}/none`)).status, 404);
    assert.equal(await count(await restart(), '/'), "Durable Object 'A' count: 1");
  },
};
