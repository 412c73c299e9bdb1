import { probeCases } from '../../harness/probes.mjs';

export const config = { bindings: { SERVER: 'Server' }, classes: { Server: { sqlite: true } } };

export const cases = [
  ...probeCases({
    'stub-fetch-url': 'S1.8.3 what stub.fetch accepts',
    'stub-redirect': 'S1.8.1 stub.fetch follows redirects to the same object',
    'response-object': 'S1.8.1 the Response a stub gives',
    responses: 'S9.2 what Response refuses',
    'response-clone': 'S9.2 Response.clone',
    headers: 'S9.2 Headers',
    requests: 'S9.2 Request',
    'immutable-headers': 'S9.2 headers that cannot be changed',
    messages: 'S9.2 error texts of Request, Response and Headers',
    'immutable-messages': 'S9.2 error texts of used bodies and immutable headers',
    'many-objects': 'S2.1.1 many objects at once',
    'request-stream': 'S1.7.3 a request body streams into the object',
    globals: 'S9.2 globals that Node lacks',
    scheduler: 'S9.2 scheduler.wait',
  }),
  {
    name: 'S9.1.2 waitUntil goes on after the response',
    steps: async (t) => {
      await t.fetch('/wait-until');
      await t.fetchUntil('/wait-until-state', 'done');
    },
  },
];
