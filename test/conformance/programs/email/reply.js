import { EmailMessage } from 'cloudflare:email';
import { attempt, show } from '../probe.js';

const raw = (fields, body = 'Thanks.\r\n') =>
  [...Object.entries(fields).map(([name, value]) => `${name}: ${value}`), '', body].join('\r\n');

const usual = {
  From: 'bob@b.test',
  To: 'ann@a.test',
  Subject: 'Re',
  'In-Reply-To': '<one@a.test>',
  'Message-ID': '<two@b.test>',
};
const plain = (fields = {}, from = 'bob@b.test', body) =>
  new EmailMessage(from, 'ann@a.test', raw({ ...usual, ...fields }, body));
const without = (name) => {
  const fields = Object.entries(usual).filter(([key]) => key !== name);
  return new EmailMessage('bob@b.test', 'ann@a.test', raw(Object.fromEntries(fields)));
};
const fields = { from: 'bob@b.test', subject: 'Re', text: 'Thanks.' };
const file = { filename: 'a.txt', type: 'text/plain', disposition: 'attachment', content: 'QUJD' };

const replies = {
  usual: () => plain(),
  stream: () => new EmailMessage('bob@b.test', 'ann@a.test', new Response(raw(usual)).body),
  'to another': () => new EmailMessage('bob@b.test', 'carl@c.test', raw(usual)),
  named: () => plain({ From: 'Bob <bob@b.test>' }),
  'with references': () => plain({ References: '<zero@a.test> <one@a.test>' }),
  'with other references': () => plain({ References: '<other@a.test>' }),
  'of another sender': () => plain({}, 'carl@c.test'),
  'of no sender': () => without('From'),
  'without id': () => without('Message-ID'),
  'with an empty id': () => plain({ 'Message-ID': '' }),
  'to nothing': () => without('In-Reply-To'),
  'to another message': () => plain({ 'In-Reply-To': '<three@a.test>' }),
  received: () => plain({ Received: 'from x by y' }),
  headless: () => new EmailMessage('bob@b.test', 'ann@a.test', 'From: bob@b.test'),
  nothing: () => undefined,
  text: () => 'a text',
  fields: () => fields,
  'fields: html': () => ({ ...fields, text: undefined, html: '<b>Thanks</b>' }),
  'fields: text and html': () => ({ ...fields, html: '<b>Thanks</b>' }),
  'fields: neither': () => ({ from: 'bob@b.test', subject: 'Re' }),
  'fields: names': () => ({
    ...fields,
    from: { name: 'Bob', email: 'bob@b.test' },
    replyTo: { name: 'Carl', email: 'carl@c.test' },
  }),
  'fields: a name in the text': () => ({ ...fields, from: 'Bob <bob@b.test>' }),
  'fields: headers': () => ({
    ...fields,
    headers: {
      'X-One': '1',
      'Message-ID': '<mine@b.test>',
      'in-reply-to': '<x@x.test>',
      References: '<x@x.test>',
      Bcc: 'dora@d.test',
    },
  }),
  'fields: above ASCII': () => ({ ...fields, subject: 'Grüße', text: 'Schöne Grüße 漢字' }),
  'fields: attachments': () => ({
    ...fields,
    attachments: [
      file,
      {
        ...file,
        filename: 'b.bin',
        type: 'application/octet-stream',
        content: new Uint8Array([1, 0, 255]),
      },
      {
        ...file,
        filename: 'c.png',
        type: 'image/png',
        disposition: 'inline',
        contentId: 'c@b.test',
      },
    ],
  }),
  'fields: a line in the subject': () => ({ ...fields, subject: 'Re\r\nX-Bad: 1' }),
  'fields: a line in the sender': () => ({ ...fields, from: 'bob@b.test\r\nX-Bad: 1' }),
  'fields: a line in a header': () => ({ ...fields, headers: { 'X-One': 'a\r\nX-Bad: 1' } }),
  'fields: a wrong name of a header': () => ({ ...fields, headers: { 'X One': 'a' } }),
  'fields: received': () => ({ ...fields, headers: { Received: 'from x by y' } }),
  'fields: a wrong type': () => ({ ...fields, attachments: [{ ...file, type: 'text' }] }),
  'fields: a wrong disposition': () => ({
    ...fields,
    attachments: [{ ...file, disposition: 'x' }],
  }),
  'fields: inline without id': () => ({
    ...fields,
    attachments: [{ ...file, disposition: 'inline' }],
  }),
  'fields: no base64': () => ({ ...fields, attachments: [{ ...file, content: 'not base64' }] }),
  'fields: a line in a file name': () => ({
    ...fields,
    attachments: [{ ...file, filename: 'a\nb' }],
  }),
};

let seen = '';

export default {
  fetch: () => new Response(seen),
  async email(message) {
    const which = message.headers.get('x-reply') ?? 'usual';
    const ended = [];
    for (const name of which.split(', ')) {
      const outcome = await attempt(() => message.reply(replies[name]()));
      // miniflare calls the handler by RPC, and a message of the platform does not.
      const text = show(outcome).replace(/ \{\n {2}remote: true\n\}/, '');
      ended.push(`${name}: ${text.replace(/<[A-Za-z0-9]{36}@/, '<new@')}`);
    }
    seen = ended.join('\n');
  },
};
