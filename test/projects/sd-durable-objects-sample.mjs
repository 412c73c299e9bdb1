// sor4chi/sd-durable-objects-sample: chat-do
import assert from 'node:assert/strict';
import { ask, askJson, openSocket } from './harness/talk.mjs';

/** @type {import('./harness/serve-checkout.mjs').Driver} */
export default {
  folder: 'chat-do',
  entry: 'index.ts',
  async converse({ url, restart }) {
    assert.equal((await ask(url)).status, 404);
    assert.equal((await ask(`${url}/websocket`)).status, 404);
    const ann = await openSocket(`${url}/websocket?room=kitchen`);
    const ben = await openSocket(`${url}/websocket?room=kitchen`);
    ann.send('hello');
    assert.equal(await ben.next(), 'hello');
    ben.send('hi');
    assert.equal(await ann.next(), 'hi', 'nobody hears himself');
    const messages = '/messages?room=kitchen';
    assert.deepEqual(await askJson(url + messages), ['hello', 'hi']);
    assert.deepEqual(await askJson(`${url}/messages`), []);
    assert.deepEqual(await askJson((await restart()) + messages), ['hello', 'hi']);
    ann.terminate();
    ben.terminate();
  },
};
