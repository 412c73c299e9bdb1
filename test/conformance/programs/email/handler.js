import { show } from '../probe.js';

let seen = [];

async function note(message, ctx) {
  const { from, to, rawSize, headers, canBeForwarded } = message;
  const raw = await new Response(message.raw).text();
  const listed = [...headers].map(([name, value]) => `${name}: ${value}`);
  seen.push(show({ from, to, rawSize, canBeForwarded, raw, headers: listed }));
  seen.push(Object.keys(message).sort().join());
  seen.push(typeof ctx.waitUntil);
}

const actions = {
  async reject(message) {
    await message.setReject('not wanted');
  },
  async 'reject-twice'(message) {
    await message.setReject('first');
    await message.setReject('second');
  },
  async forward(message) {
    const plain = await message.forward('carl@c.test');
    const headers = new Headers({ 'X-One': '1', 'X-Two': 'two' });
    const more = await message.forward('dora@d.test', headers);
    seen.push(Object.keys(plain).join(), /^<.*@c.test>$/.test(plain.messageId));
    seen.push(/^<.*@d.test>$/.test(more.messageId));
  },
  async both(message) {
    await message.forward('carl@c.test');
    await message.setReject('after');
  },
  async throw() {
    throw new TypeError('on purpose');
  },
  async 'forward-and-throw'(message) {
    await message.forward('carl@c.test');
    throw new Error('after that');
  },
};

export default {
  fetch() {
    const text = seen.join('\n');
    seen = [];
    return new Response(text);
  },
  async email(message, env, ctx) {
    await note(message, ctx);
    await actions[message.headers.get('subject')]?.(message);
  },
};
