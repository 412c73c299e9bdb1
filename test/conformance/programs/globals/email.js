import { EmailMessage } from 'cloudflare:email';
import { answer, attempt } from '../probe.js';

const describe = ({ from, to }) => [from, to];

const probes = {
  message: () => describe(new EmailMessage('a@a.test', 'b@b.test', 'Subject: x\r\n\r\nhello')),
  stream: () => describe(new EmailMessage('a@a.test', 'b@b.test', new Response('raw').body)),
  refused: () =>
    Promise.all([
      attempt(() => describe(new EmailMessage())),
      attempt(() => describe(new EmailMessage('a@a.test'))),
      attempt(() => describe(new EmailMessage('a@a.test', 'b@b.test'))),
      attempt(() => typeof new EmailMessage(1, 2, 'x').from),
      attempt(() => EmailMessage('a', 'b', 'c')),
    ]),
};

export default { fetch: (request, env) => answer(probes, request, env) };
