// Mail: what the Worker is given, and what it sends.
import { SELF, env, receiveEmail, reset, sentEmails } from 'cloudflare:test';
import { EmailMessage } from 'cloudflare:email';
import worker from './src/index';

const raw = (subject: string) =>
  `From: ann@a.test\r\nTo: bob@b.test\r\nSubject: ${subject}\r\nMessage-ID: <1@a.test>\r\n\r\nHello.\r\n`;
const mail = (subject: string) => ({ from: 'ann@a.test', to: 'bob@b.test', raw: raw(subject) });

beforeAll(async () => {
  await env.MAIL.send({ from: 'bob@b.test', to: 'first@a.test', subject: 'first', text: 'x' });
});

test('receiveEmail() calls the handler, and says what it did', async () => {
  const result = await receiveEmail(mail('question'));
  expect(result).toMatchObject({ outcome: 'ok', replies: [{ sender: 'bob@b.test' }] });
  expect(result.events.map(({ type }) => type)).toEqual(['received', 'reply']);
  expect(await receiveEmail(mail('spam'))).toMatchObject({ rejectReason: 'not wanted' });
  jest.spyOn(worker, 'email').mockRejectedValueOnce(new Error('on purpose'));
  expect(await receiveEmail(mail('x'))).toMatchObject({ outcome: 'exception' });
  await expect(receiveEmail({ ...mail('x'), raw: '' })).rejects.toThrow('no message id');
});

test('sentEmails() has what was sent since the start of the test, and before the first one', async () => {
  await receiveEmail(mail('question'));
  await env.MAIL.send(
    new EmailMessage(
      'bob@b.test',
      'carl@c.test',
      raw('raw').replace('ann', 'bob').replace('@a', '@b'),
    ),
  );
  const [first, reply, message, ...more] = await sentEmails();
  expect(first).toMatchObject({ to: ['first@a.test'], subject: 'first' });
  expect(reply).toMatchObject({
    kind: 'reply',
    to: ['ann@a.test'],
    subject: 'Re: question',
    text: 'Thanks.',
  });
  expect(reply?.headers).toContainEqual(['in-reply-to', '<1@a.test>']);
  expect(message).toMatchObject({
    kind: 'send',
    binding: 'MAIL',
    to: ['carl@c.test'],
    text: 'Hello.',
  });
  expect(message?.raw).toContain('Subject: raw\r\n');
  expect(more).toEqual([]);
});

test('an object sends', async () => {
  await env.COUNTER.getByName('a').mail();
  expect(await sentEmails()).toMatchObject([{ subject: 'first' }, { subject: 'Count 1' }]);
  await expect(
    env.MAIL.send({ from: 'bob@b.test', to: 'other@x.test', subject: '', text: '' }),
  ).rejects.toThrow('email to other@x.test not allowed');
  await SELF.fetch('http://localhost/a');
});

test('reset() forgets them', async () => {
  await reset();
  expect(await sentEmails()).toEqual([]);
});
