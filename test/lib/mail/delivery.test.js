'use strict';
// Mail of a Worker in a program: runtime.email(), and where what it sends leaves (S8.7.1, S9.1.1).

const fs = require('node:fs');
const path = require('node:path');
const { SMTPServer } = require('smtp-server');
const { boundRuntime } = require('../../support/bound-project');
const { makeProject, removeProjects } = require('../../support/project-files');
const { createRuntime } = require('../../support/runtime');

afterAll(removeProjects);
afterEach(() => jest.restoreAllMocks());

const source = `
  import { EmailMessage } from 'cloudflare:email';
  import { DurableObject } from 'cloudflare:workers';
  const fields = { from: 'bob@b.test', to: 'ann@a.test', subject: 'Hi', text: 'Hello.' };
  export class Sender extends DurableObject {
    async send() {
      this.ctx.storage.put('sent', 1);
      return this.env.MAIL.send(fields);
    }
  }
  const actions = {
    reject: (message) => message.setReject('no'),
    forward: (message) => message.forward('carl@c.test', new Headers({ 'X-Forwarded-By': 'me' })),
    reply: (message) => message.reply({ from: 'bob@b.test', subject: 'Re', text: 'Thanks.' }),
    'not awaited': (message) => void message.forward('carl@c.test'),
    throw() { throw new Error('on purpose'); },
  };
  export default {
    async fetch(request, env) {
      const sent = await request.json();
      const message = sent.raw ? new EmailMessage(sent.from, sent.to, sent.raw) : { ...fields, ...sent };
      try {
        return Response.json(await env.MAIL.send(message));
      } catch (error) {
        return new Response(error.message, { status: 400 });
      }
    },
    async email(message, env) {
      await actions[message.headers.get('subject')]?.(message);
      if (message.headers.get('subject') === 'object') await env.OBJECTS.getByName('a').send();
    },
  };`;
const objects = {
  durable_objects: { bindings: [{ name: 'OBJECTS', class_name: 'Sender' }] },
  migrations: [{ tag: 'v1', new_sqlite_classes: ['Sender'] }],
};

/** @param {object} [options] @param {object} [binding] */
const run = (options = {}, binding = {}) =>
  boundRuntime({ send_email: [{ name: 'MAIL', ...binding }], ...objects }, { source, ...options });

const raw = (/** @type {string} */ subject) =>
  `From: ann@a.test\r\nTo: bob@b.test\r\nSubject: ${subject}\r\nMessage-ID: <1@a.test>\r\n\r\nHello.\r\n`;
const mail = (/** @type {string} */ subject) => {
  return { from: 'ann@a.test', to: 'bob@b.test', raw: raw(subject) };
};
/** @param {any} runtime @param {object} message */
async function send(runtime, message) {
  const response = await runtime.fetch('http://a.test/', {
    method: 'POST',
    body: JSON.stringify(message),
  });
  return `${response.status} ${await response.text()}`;
}

/** @returns {{sent: any[], deliver: (message: any) => Promise<void>}} */
function collector() {
  /** @type {any[]} */
  const sent = [];
  return {
    sent,
    deliver: async ({ raw: bytes, ...rest }) =>
      void sent.push({ ...rest, raw: Buffer.from(bytes).toString() }),
  };
}

test('runtime.email() calls the handler and says what it did', async () => {
  const { sent, deliver } = collector();
  const runtime = await run({ mail: { deliver } });
  expect(await runtime.email(mail('nothing'))).toMatchObject({ outcome: 'ok', forwards: [] });
  expect(await runtime.email(mail('reject'))).toMatchObject({ rejectReason: 'no' });
  const bytes = new TextEncoder().encode(raw('forward'));
  const forwarded = await runtime.email({ ...mail(''), raw: new Response(bytes).body });
  expect(forwarded.forwards).toMatchObject([{ recipient: 'carl@c.test' }]);
  expect(await runtime.email(mail('not awaited'))).toMatchObject({ forwards: [{}] });
  expect((await runtime.email(mail('reply'))).replies).toMatchObject([{ sender: 'bob@b.test' }]);
  await runtime.email(mail('object'));
  expect(sent).toMatchObject([
    { kind: 'forward', from: 'ann@a.test', to: ['carl@c.test'], worker: 'worker' },
    { kind: 'forward' },
    { kind: 'reply', from: 'bob@b.test', to: ['ann@a.test'] },
    { kind: 'send', binding: 'MAIL', from: 'bob@b.test', to: ['ann@a.test'] },
  ]);
  expect(sent[0].raw).toBe(`x-forwarded-by: me\r\n${raw('forward')}`);
  expect(sent[2].raw).toContain('In-Reply-To: <1@a.test>\r\n');
  await expect(runtime.email(mail('throw'))).rejects.toThrow('on purpose');
});

test('what is no message is refused', async () => {
  const runtime = await run();
  await expect(runtime.email({ ...mail(''), raw: 'Subject: x\r\n\r\n' })).rejects.toMatchObject({
    name: 'MailRefused',
    message: 'Email could not be parsed: invalid or no message id provided',
  });
  let isCancelled = false;
  const endless = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(1_048_576)),
    cancel: () => void (isCancelled = true),
  });
  await expect(runtime.email({ ...mail(''), raw: endless })).rejects.toMatchObject({
    name: 'MailRefused',
    message: expect.stringContaining('25 MiB'),
  });
  expect(isCancelled).toBe(true);
  await expect(runtime.email({ to: 'a', raw: '' })).rejects.toThrow('from is a string');
  await expect(runtime.email({ ...mail(''), x: 1 })).rejects.toThrow('email() has no option x');
});

test('without a handler', async () => {
  const runtime = await boundRuntime({});
  await expect(runtime.email(mail(''))).rejects.toThrow('does not export an email() function');
});

test('without a way out, each of them rejects and says what to give', async () => {
  const runtime = await run();
  const text = /^400 Mail cannot leave: .*createRuntime\(\{ mail: \{ deliver \} \}\).*--smtp\.$/;
  expect(await send(runtime, {})).toMatch(text);
  for (const subject of ['forward', 'reply'])
    await expect(runtime.email(mail(subject))).rejects.toThrow('Mail cannot leave');
  expect(await runtime.email(mail('reject'))).toMatchObject({ outcome: 'ok' });
});

test('recipients are those of to, cc and bcc, and bcc is not named', async () => {
  const { sent, deliver } = collector();
  const runtime = await run(
    { mail: { deliver } },
    { allowed_destination_addresses: ['ann@a.test'] },
  );
  expect(await send(runtime, { cc: 'carl@c.test' })).toBe('400 email to carl@c.test not allowed');
  expect(await send(runtime, { bcc: ['carl@c.test'] })).toContain('not allowed');
  expect(await send(runtime, { bcc: 'Ann <ann@a.test>' })).toMatch(/^200/);
  expect(sent[0].to).toEqual(['ann@a.test']);
  expect(sent[0].raw).not.toMatch(/bcc/i);
});

test('limits', async () => {
  const { deliver } = collector();
  const runtime = await run({ mail: { deliver } });
  const many = Array.from({ length: 50 }, (_, index) => `a${index}@a.test`);
  expect(await send(runtime, { to: many })).toMatch(/^200/);
  expect(await send(runtime, { to: many, cc: 'b@b.test' })).toBe(
    '400 email has 51 recipients, and at most 50 are allowed',
  );
  expect(await send(runtime, { to: [] })).toBe('400 email has no recipients');
  const large = 'x'.repeat(26_214_400);
  expect(await send(runtime, { text: large })).toContain('25 MiB');
  const message = { from: 'ann@a.test', to: 'b@b.test', raw: raw('x') + large };
  expect(await send(runtime, message)).toContain('25 MiB');
});

test('fields cannot make other fields, files or requests', async () => {
  const { sent, deliver } = collector();
  const runtime = await run({ mail: { deliver } });
  const attachments = [
    { filename: 'a\r\nX-Bad: 1', type: 'text/plain', content: 'QQ==', path: '/etc/passwd' },
    { filename: 'b', type: 'text/plain', content: 'no base64!', href: 'http://127.0.0.1:1/' },
  ];
  const headers = { 'X-One': '1\r\nX-Bad: 1', Bcc: 'x@x.test', 'Message-ID': '<mine@b.test>' };
  const given = { subject: 'a\r\nX-Bad: 1', headers, attachments };
  expect(await send(runtime, given)).toMatch(/^200/);
  expect(sent[0].raw).not.toMatch(/^(X-Bad|Bcc)/im);
  expect(sent[0].raw).not.toContain('root:');
  expect(sent[0].raw).not.toContain('<mine@b.test>');
  expect(sent[0].raw).toContain('bm8gYmFzZTY0IQ==');
});

test("what the function throws is the caller's", async () => {
  const deliver = () => {
    throw new Error('the queue is full');
  };
  const runtime = await run({ mail: { deliver } });
  expect(await send(runtime, {})).toBe('400 the queue is full');
});

/** @param {object} options @returns {Promise<{url: string, close: () => Promise<void>}>} */
function listen(options) {
  const server = new SMTPServer({ authOptional: true, disabledCommands: ['STARTTLS'], ...options });
  return new Promise((resolve) => {
    const listener = server.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (listener.address());
      const close = () => new Promise((done) => server.close(() => done(undefined)));
      resolve({ url: `smtp://127.0.0.1:${port}`, close });
    });
  });
}

/** @param {AsyncIterable<Buffer>} stream */
async function read(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

test('an SMTP server takes what is sent', async () => {
  /** @type {any[]} */
  const got = [];
  const server = await listen({
    onRcptTo: (
      /** @type {any} */ { address },
      /** @type {any} */ _session,
      /** @type {any} */ done,
    ) => done(address === 'bad@b.test' ? new Error('unknown here') : undefined),
    onData: async (
      /** @type {any} */ stream,
      /** @type {any} */ { envelope },
      /** @type {any} */ done,
    ) => {
      const text = await read(stream);
      got.push([
        envelope.mailFrom.address,
        envelope.rcptTo.map((/** @type {any} */ one) => one.address),
        text,
      ]);
      done();
    },
  });
  const runtime = await run({ mail: { smtp: server.url } });
  expect(await send(runtime, { bcc: 'carl@c.test' })).toMatch(/^200/);
  await runtime.email(mail('forward'));
  expect(got).toMatchObject([
    ['bob@b.test', ['ann@a.test', 'carl@c.test'], expect.stringContaining('Hello.')],
    ['ann@a.test', ['carl@c.test'], `x-forwarded-by: me\r\n${raw('forward')}`],
  ]);
  expect(await send(runtime, { to: 'bad@b.test' })).toMatch(
    /^400 The mail could not be delivered: .*unknown here/,
  );
  expect(await send(runtime, { cc: 'bad@b.test' })).toBe(
    '400 The mail could not be delivered: refused for bad@b.test',
  );
  await runtime.close();
  await server.close();
});

test('an SMTP server that is not there', async () => {
  const server = await listen({});
  await server.close();
  const runtime = await run({ mail: { smtp: server.url } });
  expect(await send(runtime, {})).toMatch(/^400 The mail could not be delivered: .*ECONNREFUSED/);
});

test('an SMTP server of the program gives mail to the Worker', async () => {
  const { sent, deliver } = collector();
  const runtime = await run({ mail: { deliver } });
  const server = await listen({
    onData: async (
      /** @type {any} */ stream,
      /** @type {any} */ { envelope },
      /** @type {any} */ done,
    ) => {
      try {
        const [to] = envelope.rcptTo;
        const result = await runtime.email({
          from: envelope.mailFrom.address,
          to: to.address,
          raw: await read(stream),
        });
        const { rejectReason: reason } = result;
        done(reason && Object.assign(new Error(reason), { responseCode: 550 }));
      } catch (error) {
        done(Object.assign(/** @type {Error} */ (error), { responseCode: 451 }));
      }
    },
  });
  const client = await run({ mail: { smtp: server.url } });
  const pass = (/** @type {string} */ subject) =>
    send(client, { ...mail(subject), from: 'ann@a.test' });
  expect(await pass('reply')).toMatch(/^200/);
  expect(sent).toMatchObject([{ kind: 'reply', to: ['ann@a.test'] }]);
  expect(await pass('reject')).toMatch(/: 550 no$/);
  expect(await pass('throw')).toMatch(/: 451 on purpose$/);
  await client.close();
  await server.close();
});

test('in development messages become files', async () => {
  const lines = jest.spyOn(console, 'error').mockReturnValue();
  const directory = makeProject({
    'worker.js': source,
    'wrangler.json': {
      main: 'worker.js',
      compatibility_date: '2026-08-25',
      send_email: [{ name: 'MAIL' }],
      ...objects,
    },
    '.holdfast/mail/email/old.eml': 'of an earlier session',
  });
  const runtime = await createRuntime({ config: directory, development: true });
  const attachments = [{ filename: 'a.csv', type: 'text/csv', content: 'QQ==' }];
  expect(await send(runtime, { html: '<b>x</b>', cc: 'carl@c.test', attachments })).toMatch(/^200/);
  await runtime.email(mail('reply'));
  await runtime.email(mail('forward'));
  await runtime.email({ ...mail('reject'), to: 'other@b.test' });
  const root = path.join(directory, '.holdfast/mail');
  const files = fs.readdirSync(root, { recursive: true, withFileTypes: true });
  const kinds = files.filter((one) => one.isFile()).map((one) => path.basename(one.parentPath));
  expect(kinds.sort()).toEqual(['email', 'email-attachment', 'email-html', 'email-text', 'reply']);
  const log = lines.mock.calls.map(([line]) => String(line)).join('\n');
  const [, file] = /env\.MAIL sent a message: (.*\.eml)\n/.exec(log) ?? [];
  expect(fs.readFileSync(file, 'utf8')).toContain('Subject: Hi\r\n');
  expect(log).toContain('From: bob@b.test\nTo: ann@a.test\nCc: carl@c.test\nSubject: Hi\nText: ');
  expect(log).toMatch(/Attachment: a\.csv -> .*-1\.csv/);
  expect(log).toMatch(/The email handler replied to ann@a\.test: .*\.eml/);
  expect(log).toContain('The email handler forwarded a message to carl@c.test.');
  expect(log).toContain('The email handler rejected a message: "no"');
  expect(log).toContain('The recipient of the envelope, other@b.test, is not among');
});

test.each([
  [{}, 'mail needs either deliver or smtp'],
  [{ deliver: () => {}, smtp: 'smtp://a' }, 'mail needs either deliver or smtp'],
  [{ deliver: 1 }, 'mail.deliver is a function'],
  [{ smtp: 'http://a' }, 'mail.smtp is an address like smtp://'],
  [{ send: 1 }, 'mail has no option send'],
  [1, 'mail is an object'],
])('options: %j', async (given, message) => {
  await expect(run({ mail: /** @type {any} */ (given) })).rejects.toThrow(message);
});

test.each([
  [{}, 'should have a string "name" field'],
  [{ name: 'A', destination_address: 1 }, '"destination_address", when present'],
  [{ name: 'A', allowed_sender_addresses: 'a' }, '"allowed_sender_addresses", when present'],
  [{ name: 'A', allowed_sender_addresses: [1] }, 'should be a list of strings'],
  [
    { name: 'A', destination_address: 'a', allowed_destination_addresses: [] },
    'either "destination_address" or "allowed_destination_addresses", but not both',
  ],
])('configuration: %j', async (entry, message) => {
  await expect(boundRuntime({ send_email: [entry] })).rejects.toThrow(message);
});
