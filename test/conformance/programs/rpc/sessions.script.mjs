import { probeCases } from '../../harness/probes.mjs';

export const config = {
  bindings: { THING: 'Thing' },
  classes: { Thing: { sqlite: true } },
  services: { SERVICE: { entrypoint: 'Service' } },
};

const kept = (name, request) => ({
  name,
  steps: async (t) => {
    await t.fetch(request);
    await t.pause(30);
    await t.fetch('/read-kept');
  },
});

export const cases = [
  ...probeCases({
    number: 'S7.6.3 a call of an entrypoint that gives out nothing',
    object: 'S7.6.3 a call of an entrypoint whose result holds nothing',
    disposable: 'S7.6.3 a call of an entrypoint whose result has a disposer',
    stream: 'S7.6.3 a call of an entrypoint whose result is a stream',
    error: 'S7.6.3 a call of an entrypoint that fails',
  }),
  kept('S7.5.3 a stream that outlives the request that sent it', '/keep-stream'),
  kept('S7.5.3 a text that outlives the request that sent it', '/keep-text'),
  kept('S7.5.3 a body that outlives its request', {
    path: '/keep-body',
    method: 'POST',
    body: 'posted',
  }),
];
