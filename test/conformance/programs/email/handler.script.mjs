import { mailConfig, message, post, usual } from '../../harness/mail.mjs';

export const config = mailConfig();

const mail = (name, raw, more = {}) => ({
  name,
  steps: async (t) => {
    await post(t, { raw, ...more });
    await t.fetch('/');
  },
});
const subject = (text, more = {}) => message({ ...usual, Subject: text, ...more });

export const cases = [
  mail('S9.1.1 email: what a handler gets', message(usual)),
  mail('S9.1.1 email: the answer as text', message(usual), { format: 'text' }),
  mail(
    'S9.1.1 email: more fields',
    message({
      ...usual,
      Cc: 'Carl <carl@c.test>',
      'X-Thing': 'a',
      Date: 'Thu, 1 Jan 1970 00:00:00',
    }),
  ),
  mail(
    'S9.1.1 email: Bcc is taken out',
    message({ ...usual, Bcc: 'carl@c.test,\r\n dora@d.test', 'X-After': 'stays' }),
  ),
  mail('S9.1.1 email: lines that end with LF', message(usual).replaceAll('\r\n', '\n')),
  mail('S9.1.1 email: no body', message(usual, '')),
  mail('S9.1.1 email: bytes above ASCII', message(usual, 'Grüße\r\n')),
  mail('S9.1.1 email: another envelope', message(usual), { from: 'x@x.test', to: 'y@y.test' }),
  mail('S9.1.1 email: setReject()', subject('reject')),
  mail('S9.1.1 email: setReject(), the answer as text', subject('reject'), { format: 'text' }),
  mail('S9.1.1 email: setReject() twice', subject('reject-twice')),
  mail('S9.1.1 email: forward()', subject('forward')),
  mail('S9.1.1 email: forward() and setReject()', subject('both')),
  ...[
    ['S9.1.1 email: a handler that throws', 'throw'],
    ['S9.1.1 email: forward(), and then it throws', 'forward-and-throw'],
  ].map(([name, which]) => {
    return { name, status: 500, steps: (t) => post(t, { raw: subject(which) }) };
  }),
];
