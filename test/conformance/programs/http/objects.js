import { DurableObject } from 'cloudflare:workers';
import { answer, attempt, attemptSync, show } from '../probe.js';

/** Only the class of an error; the exact texts are compared in the probe `messages`. */
const kind = (action) => attemptSync(action).text.split(': ')[0];

const probes = {
  async 'stub-fetch-url'({ SERVER }) {
    const stub = SERVER.getByName('s');
    return [
      await (await stub.fetch('http://any.host/path?q=1')).text(),
      await (await stub.fetch('https://do/')).text(),
      await (await stub.fetch(new URL('http://u.rl/x'))).text(),
      await (await stub.fetch(new Request('http://r.eq/y', { method: 'PUT', body: 'b' }))).text(),
      await (
        await stub.fetch('http://a.b/', { method: 'POST', body: 'text', headers: { 'x-a': '1' } })
      ).text(),
      await attempt(() => stub.fetch('/relative')),
      await attempt(() => stub.fetch('nonsense')),
      await attempt(() => stub.fetch('ftp://a.b/')),
      await attempt(() => stub.fetch()),
    ];
  },
  async 'stub-redirect'({ SERVER }) {
    const stub = SERVER.getByName('r');
    const followed = await stub.fetch('http://do/redirect');
    const manual = await stub.fetch('http://do/redirect', { redirect: 'manual' });
    return [
      [followed.status, followed.redirected, followed.url, await followed.text()],
      [manual.status, manual.headers.get('location'), manual.redirected],
      (await attempt(async () => (await stub.fetch('http://do/loop')).status)).text.slice(0, 39),
    ];
  },
  async 'response-object'({ SERVER }) {
    const response = await SERVER.getByName('o').fetch('http://do/x');
    return [
      response.ok,
      response.status,
      response.statusText,
      response.url,
      response.bodyUsed,
      await response.text(),
      response.bodyUsed,
      (await attempt(() => response.text())).text.split(': ')[0],
    ];
  },
  responses() {
    return [
      kind(() => new Response('x', { status: 99 })),
      kind(() => new Response('x', { status: 600 })),
      kind(() => new Response('x', { status: 204 })),
      kind(() => new Response('x', { status: 304 })),
      kind(() => Response.redirect('nonsense')),
      kind(() => Response.redirect('http://a.b/', 200)),
      kind(() => Response.redirect('http://a.b/').status),
      kind(() => Response.error().type),
      kind(() => Response.json(undefined)),
      kind(() => new Response(null, { headers: { 'bad name': 'x' } })),
      new Response().status,
      new Response('x').headers.get('content-type'),
      new Response(new URLSearchParams('a=1')).headers.get('content-type'),
    ];
  },
  async 'response-clone'() {
    const response = new Response('to clone', { status: 202, headers: { 'x-c': '1' } });
    const copy = response.clone();
    return [
      await response.text(),
      await copy.text(),
      copy.status,
      copy.headers.get('x-c'),
      kind(() => response.clone()),
    ];
  },
  headers() {
    const headers = new Headers([
      ['B', '2'],
      ['a', '1'],
      ['b', '3'],
    ]);
    headers.append('Set-Cookie', 'x=1');
    headers.append('set-cookie', 'y=2');
    return [
      [...headers],
      headers.get('b'),
      headers.has('A'),
      headers.get('none'),
      headers.getSetCookie(),
      headers.getAll('set-cookie'),
      kind(() => headers.getAll('a')),
      kind(() => headers.set('bad name', 'x')),
      kind(() => headers.set('x', 'line\nbreak')),
      [...headers.keys()],
    ];
  },
  async requests() {
    const request = new Request('http://a.b/c', {
      method: 'post',
      body: 'x',
      headers: { 'X-H': '1' },
    });
    const copy = new Request(request, { headers: { 'x-new': '2' } });
    return [
      request.method,
      request.url,
      request.headers.get('content-type'),
      request.redirect,
      request.bodyUsed,
      copy.method,
      [...copy.headers],
      await copy.text(),
      kind(() => new Request('relative')),
      kind(() => new Request('http://a.b', { method: 'GET', body: 'x' })),
      kind(() => new Request('http://a.b', { method: 'B AD' })),
      new Request('http://a.b').url,
    ];
  },
  async 'immutable-messages'({ SERVER }, request) {
    const response = await SERVER.getByName('i').fetch('http://do/x');
    await response.text();
    return [
      await attempt(() => response.text()),
      attemptSync(() => response.headers.set('x-late', '1')),
      attemptSync(() => request.headers.set('x-late', '1')),
    ];
  },
  async 'immutable-headers'({ SERVER }, request) {
    const response = await SERVER.getByName('i').fetch('http://do/x');
    return [
      kind(() => response.headers.set('x-late', '1')),
      kind(() => request.headers.set('x-late', '1')),
      kind(() => new Response('x', response).headers.set('x-late', '1')),
    ];
  },
  async 'many-objects'({ SERVER }) {
    const names = Array.from({ length: 20 }, (_, i) => `many-${i}`);
    const counts = await Promise.all(
      names.map(async (name) => {
        await SERVER.getByName(name).fetch('http://do/count');
        return (await SERVER.getByName(name).fetch('http://do/count')).text();
      }),
    );
    return counts;
  },
  async 'request-stream'({ SERVER }) {
    const { readable, writable } = new TransformStream();
    const answered = SERVER.getByName('stream').fetch('http://do/upper', {
      method: 'POST',
      body: readable,
    });
    const writer = writable.getWriter();
    for (const part of ['one ', 'two ', 'three'])
      await writer.write(new TextEncoder().encode(part));
    await writer.close();
    return (await answered).text();
  },
  messages() {
    return [
      attemptSync(() => new Response('x', { status: 99 })),
      attemptSync(() => new Response('x', { status: 204 })),
      attemptSync(() => Response.redirect('nonsense')),
      attemptSync(() => Response.redirect('http://a.b/', 200)),
      attemptSync(() => new Headers({ 'bad name': 'x' })),
      attemptSync(() => new Headers({ x: 'line\nbreak' })),
      attemptSync(() => new Headers().getAll('a')),
      attemptSync(() => new Request('relative')),
      attemptSync(() => new Request('http://a.b', { method: 'GET', body: 'x' })),
      attemptSync(() => new Request('http://a.b', { method: 'B AD' })),
    ];
  },
  globals() {
    const names = [
      'WebSocketPair',
      'WebSocket',
      'scheduler',
      'caches',
      'HTMLRewriter',
      'FixedLengthStream',
      'ErrorEvent',
      'navigator',
    ];
    return [names.map((name) => `${name} ${typeof globalThis[name]}`), navigator.userAgent];
  },
  async scheduler() {
    const started = Date.now();
    const value = await scheduler.wait(20);
    return [value, Date.now() - started >= 19];
  },
};

let waitUntilDone = 'not yet';

export class Server extends DurableObject {
  #count = 0;

  async fetch(request) {
    const url = new URL(request.url);
    switch (url.pathname) {
      case '/redirect':
        return Response.redirect('http://do/target', 302);
      case '/target':
        return new Response('redirected here');
      case '/loop':
        return Response.redirect('http://do/loop', 302);
      case '/count':
        return new Response(String(++this.#count));
      case '/upper':
        return new Response((await request.text()).toUpperCase());
    }
    return new Response(
      show([request.method, request.url, request.headers.get('x-a'), await request.text()]),
    );
  }
}

export default {
  fetch(request, env, ctx) {
    const { pathname } = new URL(request.url);
    if (pathname === '/wait-until') {
      ctx.waitUntil(
        scheduler.wait(30).then(() => {
          waitUntilDone = 'done after the response';
        }),
      );
      return new Response(waitUntilDone);
    }
    if (pathname === '/wait-until-state') return new Response(waitUntilDone);
    const bound = Object.fromEntries(
      Object.entries(probes).map(([name, probe]) => [name, () => probe(env, request)]),
    );
    return answer(bound, request, null);
  },
};
