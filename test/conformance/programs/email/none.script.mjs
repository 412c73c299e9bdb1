import { mailConfig, message, post, usual } from '../../harness/mail.mjs';

export const config = mailConfig();

export const cases = [
  {
    name: 'S9.1.1 email without a handler',
    status: 500,
    steps: (t) => post(t, { raw: message(usual) }),
  },
];
