import { EmailMessage } from 'cloudflare:email';
import { attempt, show } from '../probe.js';

// What the handler does stands in the recipient's address, as JSON in base64.

let seen = [];

const actions = {
  reject: (message, { reason }) => message.setReject(reason),
  forward: (message, { to, headers }) => message.forward(to, headers && new Headers(headers)),
  reply: (message, { from, raw }) => message.reply(new EmailMessage(from, message.from, raw)),
  build: (message, { fields }) => message.reply(fields),
  send: (_message, { from, to, raw }, env) => env.MAIL.send(new EmailMessage(from, to, raw)),
  fields: (_message, { fields }, env) => env.MAIL.send(fields),
};

/** Ids are random; calls of a message reject as local ones here, and by RPC in miniflare. */
const shown = (outcome) =>
  show(outcome)
    .replace(/<[A-Za-z0-9]{36}@/g, '<new@')
    .replace(/ \{\n {2}remote: true\n\}/, '');

export default {
  fetch() {
    const text = seen.join('\n');
    seen = [];
    return new Response(text);
  },
  async email(message, env) {
    const raw = await new Response(message.raw).arrayBuffer();
    const headers = [...message.headers].map(([name, value]) => `${name}: ${value}`);
    seen.push(show({ size: message.rawSize, raw: new Uint8Array(raw), headers }));
    const plan = JSON.parse(atob(message.to.slice(0, message.to.indexOf('@'))));
    for (const step of plan) {
      if (step.do === 'throw') throw new RangeError(step.text);
      const outcome = await attempt(async () => await actions[step.do](message, step, env));
      seen.push(`${step.do}: ${shown(outcome)}`);
    }
  },
};
