import { mailConfig, post } from '../../harness/mail.mjs';
import { seeds } from '../../harness/seeds.mjs';
import { mails } from '../mail-random.mjs';

export const config = mailConfig([
  { name: 'MAIL', allowed_destination_addresses: ['ann@a.test', 'bob@b.test'] },
]);

export const cases = seeds(25).map((seed) => ({
  name: `S9.1.1 mail: messages and what is done with them, seed ${seed}`,
  status: 200, // of the last request: handlers throw
  steps: async (t) => {
    for (const mail of mails(seed)) await post(t, mail);
    await t.fetch('/');
  },
}));
