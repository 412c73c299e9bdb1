// cloudflare/templates: hello-world-do-template
import assert from 'node:assert/strict';
import { ask } from './harness/talk.mjs';

/** @type {import('./harness/serve-checkout.mjs').Driver} */
export default {
  folder: 'hello-world-do-template',
  async converse({ url, restart }) {
    assert.equal((await ask(url)).body, 'Hello, World!');
    assert.equal((await ask(`${url}/somewhere/else`)).body, 'Hello, World!');
    assert.equal((await ask(await restart())).body, 'Hello, World!');
  },
};
