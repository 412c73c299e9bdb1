// TimoWilhelm/durable-object-sharding, built with its own `npm run build`
import assert from 'node:assert/strict';
import { ask, openJsonSocket } from './harness/talk.mjs';

/** @type {import('./harness/serve-checkout.mjs').Driver} */
export default {
  async converse({ url }) {
    assert.match((await ask(`${url}/`)).headers.get('content-type') ?? '', /^text\/html/);
    assert.equal((await ask(`${url}/ws`)).status, 404);
    const publishers = [];
    const sockets = [];
    // A publisher takes two subscribers; the third one finds the next.
    for (let i = 0; i < 3; i += 1) {
      const socket = await openJsonSocket(`${url}/ws`);
      socket.send('subscribe');
      const { content, publisherId } = await socket.next();
      assert.equal(content, 'ping');
      publishers.push(publisherId);
      sockets.push(socket);
    }
    assert.equal(publishers[0], publishers[1]);
    assert.notEqual(publishers[1], publishers[2]);
    // One that leaves makes place.
    sockets[0].terminate();
    const late = await openJsonSocket(`${url}/ws`);
    late.send('subscribe');
    assert.ok(publishers.includes((await late.next()).publisherId));
    for (const socket of [...sockets, late]) socket.terminate();
  },
};
