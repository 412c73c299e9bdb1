import { EmailMessage } from 'cloudflare:email';
import { DurableObject } from 'cloudflare:workers';
import { answer, attempt, show } from '../probe.js';

const usual = {
  From: 'bob@b.test',
  To: 'ann@a.test',
  Subject: 'Hello',
  'Message-ID': '<one@b.test>',
};
const raw = (fields = {}, body = 'Hello.\r\n') =>
  [
    ...Object.entries({ ...usual, ...fields })
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}: ${value}`),
    '',
    body,
  ].join('\r\n');
const message = (fields, from = 'bob@b.test', to = 'ann@a.test') =>
  new EmailMessage(from, to, raw(fields));
const fields = { from: 'bob@b.test', to: 'ann@a.test', subject: 'Hello', text: 'Hello.' };

async function each(env, binding, messages) {
  const ended = [];
  for (const one of messages) {
    const outcome = show(await attempt(() => env[binding].send(one)));
    ended.push(outcome.replace(/<[A-Za-z0-9]{36}@/, '<new@'));
  }
  return ended;
}

const probes = {
  messages: (env) => each(env, 'MAIL', [message(), message({ From: 'Bob <bob@b.test>' })]),
  stream: (env) =>
    each(env, 'MAIL', [new EmailMessage('bob@b.test', 'ann@a.test', new Response(raw()).body)]),
  refused: (env) =>
    each(env, 'MAIL', [
      message({}, 'carl@c.test'),
      message({ 'Message-ID': undefined }),
      message({ 'Message-ID': '' }),
      message({ Received: 'from x by y' }),
      message({ 'X Y': 'z' }),
      new EmailMessage('bob@b.test', 'ann@a.test', 'nothing'),
      new EmailMessage('bob@b.test', 'ann@a.test', 'From: bob@b.test\r\nMessage-ID: <a@b.test>'),
    ]),
  nothing: (env) => each(env, 'MAIL', [undefined, null, 'text', 1]),
  one: (env) =>
    each(env, 'ONE', [
      message(),
      message({}, 'bob@b.test', 'carl@c.test'),
      fields,
      { ...fields, to: 'carl@c.test' },
      { ...fields, to: ['ann@a.test', 'carl@c.test'] },
      { ...fields, to: { name: 'Ann', email: 'ann@a.test' } },
      { ...fields, to: 'Ann <ann@a.test>' },
    ]),
  some: (env) =>
    each(env, 'SOME', [
      message(),
      message({}, 'bob@b.test', 'carl@c.test'),
      message({}, 'bob@b.test', 'dora@d.test'),
      { ...fields, to: ['ann@a.test', 'carl@c.test'] },
      { ...fields, to: ['ann@a.test', 'dora@d.test'] },
    ]),
  senders: (env) =>
    each(env, 'SENDERS', [
      message(),
      message({ From: 'carl@c.test' }, 'carl@c.test'),
      fields,
      { ...fields, from: { name: 'Bob', email: 'bob@b.test' } },
      { ...fields, from: 'carl@c.test' },
      { ...fields, from: 'Bob <bob@b.test>' },
    ]),
  fields: (env) =>
    each(env, 'MAIL', [
      fields,
      { ...fields, text: undefined, html: '<b>x</b>' },
      { from: 'bob@b.test', to: 'ann@a.test', subject: 'Hello' },
      { ...fields, cc: ['carl@c.test'], bcc: 'dora@d.test', replyTo: 'eve@e.test' },
      { ...fields, headers: { 'X-One': '1' } },
      {
        ...fields,
        attachments: [
          { filename: 'a.txt', type: 'text/plain', disposition: 'attachment', content: 'QUJD' },
          { filename: 'b', type: 'text/plain', content: new Uint8Array([1]) },
          { filename: 'c', type: 'text/plain', content: new ArrayBuffer(1) },
          { filename: 'd', type: 'text/plain', content: 'a text' },
        ],
      },
    ]),
  domains: (env) =>
    each(
      env,
      'MAIL',
      ['a@B.Test', 'a@[127.0.0.1]', 'a@grüße.test', 'nobody', 'a@', 'a@x_y.test', 'a@a.test.'].map(
        (from) => ({ ...fields, from }),
      ),
    ),
  object: (env) => env.OBJECTS.getByName('a').send(),
};

export class Sender extends DurableObject {
  async send() {
    await this.ctx.storage.put('sent', true);
    return each(this.env, 'MAIL', [message(), fields]);
  }
}

export default { fetch: (request, env) => answer(probes, request, env) };
