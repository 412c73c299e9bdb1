import { probeCases } from '../../harness/probes.mjs';

const simple = { limit: 1000, period: 60 };

export const config = {
  wrangler: { ratelimits: [{ name: 'LIMIT', namespace_id: '1', simple }] },
  miniflare: { ratelimits: { LIMIT: { namespace_id: '1', simple } } },
};

export const cases = probeCases({ options: 'S8.7.1 rate limiting: options' });
