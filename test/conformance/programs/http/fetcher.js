import { DurableObject, RpcStub, WorkerEntrypoint, exports } from 'cloudflare:workers';
import { answer, attempt, attemptSync } from '../probe.js';

export class Asked extends DurableObject {
  fetch(request) {
    return new Response(`object: ${request.method} ${request.url} ${request.headers.get('a')}`);
  }
}

export class Entry extends WorkerEntrypoint {
  async fetch(request) {
    if (new URL(request.url).pathname === '/redirect')
      return Response.redirect('http://other.example/to', 302);
    return new Response(`entry: ${request.method} ${request.url} ${await request.text()}`);
  }

  seen(request) {
    return request.fetcher === null;
  }
}

const text = async (response) => (await response).text();

const probes = {
  fetch: async ({ stub }) => [
    await text(fetch('http://foo/', { fetcher: stub, headers: { a: 'b' } })),
    await text(fetch(new Request('http://foo/1', { fetcher: stub }))),
    await text(fetch('http://foo/2', { fetcher: exports.Entry, method: 'POST', body: 'body' })),
  ],
  copies: async ({ stub }) => {
    const request = new Request('http://foo/', { fetcher: stub });
    return [
      await text(fetch(new Request(request, { method: 'PUT' }))),
      await text(fetch(request.clone())),
      await text(fetch(new Request(request, { fetcher: exports.Entry }))),
      request.fetcher === null,
      new Request('http://foo/').fetcher,
    ];
  },
  redirects: async () => {
    const response = await fetch('http://foo/redirect', { fetcher: exports.Entry });
    const { status, url, redirected } = response;
    return [status, url, redirected, await response.text()];
  },
  'to-stub': async ({ stub }) => [
    await text(stub.fetch(new Request('http://foo/', { fetcher: exports.Entry }))),
    await exports.Entry.seen(new Request('http://foo/', { fetcher: stub })),
  ],
  types: () =>
    [1, {}, 'text', null, undefined, new RpcStub({}), exports.Entry.seen].map((fetcher) =>
      attemptSync(() => new Request('http://foo/', { fetcher }).fetcher),
    ),
  arguments: async ({ stub }) => {
    const lists = [
      [],
      [undefined],
      [null],
      [{}],
      [Symbol('s')],
      ['http://x/', 5],
      ['http://x/', 'x'],
      ['http://x/', null],
      ['http://x/', undefined],
    ];
    const out = [];
    for (const target of [stub, exports.Entry])
      for (const list of lists)
        out.push(await attempt(async () => (await target.fetch(...list)).status));
    for (const list of lists.slice(0, -2)) out.push(attemptSync(() => new Request(...list).method));
    for (const list of lists.slice(0, -2)) out.push(await attempt(() => fetch(...list)));
    return out;
  },
  fails: ({ stub }) =>
    attempt(() => fetch('http://foo/', { fetcher: stub, signal: AbortSignal.abort('gave up') })),
};

export default {
  fetch: (request, env) => answer(probes, request, { stub: env.ASKED.getByName('asked') }),
};
