// cloudflare/actors: examples/manage-instances
import assert from 'node:assert/strict';
import { ask } from './harness/talk.mjs';

/** @type {import('./harness/serve-checkout.mjs').Driver} */
export default {
  folder: 'examples/manage-instances',
  async converse({ url, restart }) {
    const visit = async (/** @type {string} */ at, /** @type {string} */ user) =>
      (await ask(`${at}/?user_id=${user}`)).body;
    assert.equal(await visit(url, '1'), 'Hello, World! (instance-1)');
    // Each visit destroys the object of another name, while that one may be at work.
    assert.equal(await visit(url, '123'), 'Hello, World! (instance-123)');
    assert.equal(await visit(url, '1'), 'Hello, World! (instance-1)');
    assert.equal(await visit(await restart(), '2'), 'Hello, World! (instance-2)');
  },
};
