// cloudflare/templates: durable-chat-template (partyserver)
import assert from 'node:assert/strict';
import { ask, openJsonSocket } from './harness/talk.mjs';

const first = { type: 'add', id: '1', user: 'Ann', role: 'user', content: 'hello' };
const changed = { ...first, type: 'update', content: 'hello there' };

/** @param {{type: string}} message as the room keeps it */
const kept = ({ type: _type, ...message }) => message;

/** @type {import('./harness/serve-checkout.mjs').Driver} */
export default {
  folder: 'durable-chat-template',
  async converse({ url, restart }) {
    const page = await ask(`${url}/`);
    assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
    assert.equal((await ask(`${url}/a/room`)).body, page.body, 'a path without a file is the page');
    const script = await ask(`${url}/dist/index.js`);
    assert.match(script.headers.get('content-type') ?? '', /javascript/);

    const room = `${url}/parties/chat/kitchen`;
    const ann = await openJsonSocket(room);
    assert.deepEqual(await ann.next(), { type: 'all', messages: [] });
    const ben = await openJsonSocket(room);
    assert.deepEqual(await ben.next(), { type: 'all', messages: [] });
    ann.send(first);
    assert.deepEqual(await ben.next(), first);
    ben.send(changed);
    assert.deepEqual([await ann.next(), await ann.next()], [first, changed]);

    const next = await openJsonSocket(`${await restart()}/parties/chat/kitchen`);
    const all = await next.next();
    assert.deepEqual(all, { type: 'all', messages: [kept(changed)] });
    next.terminate();
    ann.terminate();
    ben.terminate();
  },
};
