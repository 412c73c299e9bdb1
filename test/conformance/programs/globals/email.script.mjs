import { probeCases } from '../../harness/probes.mjs';

export const config = {
  wrangler: { send_email: [{ name: 'MAIL' }] },
  miniflare: { email: { send_email: [{ name: 'MAIL' }] } },
};

export const cases = probeCases({
  message: 'S9.3 EmailMessage: members',
  stream: 'S9.3 EmailMessage of a stream',
  refused: 'S9.3 EmailMessage: arguments',
});
