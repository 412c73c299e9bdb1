// napolab/y-durableobjects: the Worker of its own tests, and Yjs as its clients speak it
import assert from 'node:assert/strict';
import yjs from '../support/yjs-client.js';
import { ask, askJson, openSocket, packageOf } from './harness/talk.mjs';

const { yjsClient } = yjs;

/** @type {import('./harness/serve-checkout.mjs').Driver} */
export default {
  async converse({ url, folder, restart }) {
    const [page, copy] = [0, 1].map(() => yjsClient((name) => packageOf(folder, name)));
    const textOf = async (/** @type {string} */ base) => {
      const state = await askJson(`${base}/rooms/ours/state`);
      return page.textOf(new Uint8Array(Buffer.from(state.doc, 'base64')));
    };

    assert.equal(await textOf(url), '');
    const [ann, ben] = [
      await openSocket(`${url}/rooms/ours`),
      await openSocket(`${url}/shorthand/ours`),
    ];
    assert.deepEqual([...(await ann.next())].slice(0, 2), [0, 0], 'sync step 1');
    page.text.insert(0, 'Hello');
    ann.send(page.update());
    while (copy.text.toString() !== 'Hello') copy.take(await ben.next());
    page.text.insert(5, ', World');
    const posted = await ask(`${url}/rooms/ours/update`, { method: 'POST', body: page.update() });
    assert.equal(posted.status, 200);
    assert.equal(await textOf(url), 'Hello, World');
    ann.terminate();
    ben.terminate();
    assert.equal(await textOf(await restart()), 'Hello, World');
  },
};
