// cloudflare/partykit: fixtures/chat
import assert from 'node:assert/strict';
import { ask, openSocket } from './harness/talk.mjs';

/** @type {import('./harness/serve-checkout.mjs').Driver} */
export default {
  folder: 'fixtures/chat',
  async converse({ url }) {
    assert.equal((await ask(`${url}/parties/nobody/room`)).status, 400);
    const open = (/** @type {string} */ room) => openSocket(`${url}/parties/chat/${room}`);
    const [ann, ben, elsewhere] = [await open('a'), await open('a'), await open('b')];
    ann.send('hello');
    ben.send('hi');
    elsewhere.send('only here');
    const heard = async (/** @type {any} */ socket) => [await socket.next(), await socket.next()];
    assert.deepEqual((await heard(ann)).sort(), ['hello', 'hi']);
    assert.deepEqual((await heard(ben)).sort(), ['hello', 'hi']);
    assert.equal(await elsewhere.next(), 'only here');
    for (const socket of [ann, ben, elsewhere]) socket.terminate();
  },
};
