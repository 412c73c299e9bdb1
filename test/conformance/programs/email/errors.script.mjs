import { mailConfig, message, ofThisMachine, post, usual } from '../../harness/mail.mjs';

export const config = mailConfig();

const headers = ofThisMachine;
const path = '/cdn-cgi/local/email';
const { From, To, Subject } = usual;
const steps = (name, run) => ({ name: `S9.1.1 ${name}`, steps: run });
const sized = (length) => {
  const head = message(usual, '');
  return Buffer.from(head + 'x'.repeat(length - head.length));
};

export const cases = [
  steps('email of a class', (t) => post(t, { raw: message({ ...usual, 'X-Reject': 'yes' }) })),
  steps('email without addresses', async (t) => {
    for (const query of ['', '?from=a@a.test', '?to=b@b.test', '?from=&to='])
      await t.fetch({ method: 'POST', path: path + query, body: message(usual), headers });
  }),
  steps('email of a page of the web', async (t) => {
    const target = `${path}?from=a@a.test&to=b@b.test`;
    for (const more of [
      { host: 'evil.test' },
      { host: 'evil.test:8787' },
      { origin: 'http://evil.test' },
      { origin: 'http://localhost.evil.test:8787' },
      { origin: 'null' },
      { host: '127.0.0.1:8787' },
      { host: '[::1]:8787' },
      { origin: 'http://localhost:3000' },
      { origin: 'https://127.0.0.1' },
    ])
      await t.fetch({
        method: 'POST',
        path: target,
        body: 'nothing',
        headers: { ...headers, ...more },
      });
  }),
  steps('email without a body', async (t) => {
    await t.fetch({ path: `${path}?from=a@a.test&to=b@b.test`, headers });
  }),
  steps('email without a Message-ID', (t) => post(t, { raw: message({ From, To, Subject }) })),
  steps('email that is no message', (t) => post(t, { raw: 'nothing' })),
  steps('email of 25 MiB', (t) => post(t, { raw: sized(26_214_400) })),
  steps('email of more than 25 MiB', (t) => post(t, { raw: sized(26_214_401) })),
  steps("another path is the Worker's", (t) => t.fetch({ path: `${path}s`, headers })),
];
