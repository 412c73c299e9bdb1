// Mail in cases: posts a message to the email handler of a Worker, and records what became of it without what differs from run to run.
import PostalMime from 'postal-mime';

/** What programs of mail need on both runtimes. @param {object[]} [bindings] of `send_email` */
export const mailConfig = (bindings = []) => ({
  development: true,
  wrangler: { send_email: bindings },
  miniflare: { unsafeTriggerHandlers: true, email: { send_email: bindings } },
});

/** miniflare refuses others where it answers itself. */
export const ofThisMachine = { host: 'localhost' };

/** @param {Record<string, string>} fields @param {string} [body] */
export const message = (fields, body = 'Hello.\r\n') =>
  [...Object.entries(fields).map(([name, value]) => `${name}: ${value}`), '', body].join('\r\n');

export const usual = {
  From: 'ann@a.test',
  To: 'bob@b.test',
  Subject: 'usual',
  'Message-ID': '<one@a.test>',
};

/**
 * @param {import('./scenario.mjs').Scenario} t
 * @param {{raw: string | Uint8Array, from?: string, to?: string, format?: string}} mail
 */
export async function post(t, { raw, from = 'ann@a.test', to = 'bob@b.test', format = 'json' }) {
  const query = new URLSearchParams({ from, to, format });
  const path = `/cdn-cgi/local/email?${query}`;
  const { status, body } = await t.quiet({
    method: 'POST',
    path,
    body: raw,
    headers: ofThisMachine,
  });
  t.note(`${from} -> ${to.length > 50 ? '…' : to}: ${status}`);
  if (!body.startsWith('{')) return t.note(masked(body));
  const { replies, ...rest } = JSON.parse(body);
  t.note(masked(JSON.stringify(rest)));
  for (const reply of replies) await noteReply(t, reply);
}

/** Fields whose meaning is shown, or that are made anew. */
const kShownOtherwise = new Set([
  'cc',
  'content-transfer-encoding',
  'content-type',
  'date',
  'from',
  'message-id',
  'mime-version',
  'reply-to',
  'subject',
  'to',
]);

/** Its meaning: how a composed message is folded and encoded is not compared. */
async function noteReply(t, { messageId, sender, raw }) {
  const email = await PostalMime.parse(raw);
  t.note(`reply of ${sender}, ${email.messageId === messageId}, ${masked(messageId)}`);
  const headers = email.headers.filter(({ key }) => !kShownOtherwise.has(key));
  for (const { key, value } of headers.sort((a, b) => (a.key < b.key ? -1 : 1)))
    t.note(`  ${key}: ${value}`);
  for (const kind of ['from', 'to', 'cc', 'replyTo', 'subject'])
    t.note(`  ${kind}: ${JSON.stringify(email[kind])}`);
  for (const kind of ['text', 'html'])
    t.note(`  ${kind}: ${JSON.stringify((email[kind] ?? '').trimEnd())}`);
  for (const { filename, mimeType, disposition, contentId, content } of email.attachments)
    t.note(
      `  ${[filename, mimeType, disposition, contentId]} ${Buffer.from(content).toString('hex')}`,
    );
}

export const masked = (text) =>
  text
    .replace(/<[A-Za-z0-9]{36}@([^>]*)>/g, '<new@$1>')
    .replace(/"\d{4}-\d\d-\d\dT[\d:.]*Z"/g, '"now"');
