// cloudflare/workers-chat-demo
import assert from 'node:assert/strict';
import { ask, openJsonSocket } from './harness/talk.mjs';

const said = (/** @type {string} */ text) => (/** @type {any} */ message) =>
  message.message === text;

/** @param {string} room url of a room @param {string} name */
async function join(room, name) {
  const socket = await openJsonSocket(`${room}/websocket`);
  socket.send({ name });
  await socket.until((message) => message.ready);
  return socket;
}

/**
 * Says it again while the room answers that this address speaks too fast.
 * @param {Awaited<ReturnType<typeof join>>} socket @param {string} text
 */
async function say(socket, text) {
  for (;;) {
    socket.send({ message: text });
    const answer = await socket.until((message) => message.error || said(text)(message));
    if (!answer.error) return answer;
    assert.match(answer.error, /rate-limited/);
  }
}

/** @type {import('./harness/serve-checkout.mjs').Driver} */
export default {
  async converse({ url, restart }) {
    assert.match((await ask(url)).headers.get('content-type') ?? '', /^text\/html/);
    assert.equal((await ask(`${url}/api/room`)).status, 405);
    const secret = (await ask(`${url}/api/room`, { method: 'POST' })).body;
    assert.match(secret, /^[0-9a-f]{64}$/);
    assert.equal((await ask(`${url}/api/room/${'x'.repeat(33)}/websocket`)).status, 404);
    assert.equal((await ask(`${url}/api/room/plain/websocket`)).status, 400);

    const room = `/api/room/${secret}`;
    const ann = await join(url + room, 'Ann');
    const ben = await join(url + room, 'Ben');
    assert.deepEqual(await ann.until((message) => message.joined === 'Ben'), { joined: 'Ben' });
    const { timestamp, ...message } = await say(ann, 'hello');
    assert.deepEqual(message, { name: 'Ann', message: 'hello' });
    assert.deepEqual(await ben.until(said('hello')), { ...message, timestamp });
    ben.terminate();
    assert.deepEqual(await ann.until((each) => each.quit), { quit: 'Ben' });
    ann.terminate();

    const late = await openJsonSocket(`${(await restart()) + room}/websocket`);
    late.send({ name: 'Cal' });
    assert.deepEqual(await late.until(said('hello')), { ...message, timestamp }, 'it is kept');
    // Each message costs five seconds of twenty: soon the address must wait.
    for (let i = 0; i < 10; i += 1) late.send({ message: `message ${i}` });
    await late.until((each) => /rate-limited/.test(each.error ?? ''));
    late.terminate();
  },
};
