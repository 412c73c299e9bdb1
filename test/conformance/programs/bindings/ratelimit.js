import { answer, attempt } from '../probe.js';

const probes = {
  options({ LIMIT }) {
    const options = [
      undefined,
      null,
      'key',
      {},
      { key: 5 },
      { other: 1, more: 2 },
      { key: 'a', period: 30 },
      { limit: 'x' },
      { period: '10' },
      { delta: 0 },
      { delta: -1 },
      { delta: 'x' },
      { delta: 2 ** 33 },
      { delta: 0.5 },
      { key: 'zero', limit: 0 },
    ];
    return Promise.all(options.map((given) => attempt(() => LIMIT.limit(given))));
  },
};

export default { fetch: (request, env) => answer(probes, request, env) };
