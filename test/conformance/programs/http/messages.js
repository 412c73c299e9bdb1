import { answer, attempt, attemptSync } from '../probe.js';
const probes = {
  'response-inits'() {
    return [
      attemptSync(() => new Response(null, { status: 101 }).status),
      attemptSync(() => new Response(null, { status: 101, webSocket: null }).status),
      attemptSync(() => new Response(null, { webSocket: new WebSocketPair()[0] }).status),
      attemptSync(
        () => new Response(null, { status: 200, webSocket: new WebSocketPair()[0] }).status,
      ),
      attemptSync(() => new Response('x', { encodeBody: 'manual' }).headers.get('content-type')),
      attemptSync(() => new Response('x', { encodeBody: 'other' })),
      attemptSync(() => new Response('x', { statusText: 'a\nb' })),
      attemptSync(() => new Response('x', { status: 299.9 }).status),
      attemptSync(() => new Response('x', { status: '201' }).status),
      attemptSync(() => new Response('x', { cf: { a: 1 } }).cf),
      attemptSync(() => new Response('x').cf),
      attemptSync(() => new Response('x').type),
      attemptSync(() => Response.error().status),
      attemptSync(() => new Response('x').webSocket),
      attemptSync(() => Response.redirect('http://a.b/c').status),
      attemptSync(() =>
        Response.json({ a: 1 }, { headers: { 'content-type': 'x/y' } }).headers.get('content-type'),
      ),
      attemptSync(() => new Response(5).body === null),
      attemptSync(() => new Response(undefined).body),
      attemptSync(() => new Response('').body === null),
    ];
  },
  'clone-rules': async () => {
    const used = new Response('a');
    await used.text();
    const locked = new Response(new Blob(['b']));
    locked.body.getReader();
    const pair = new WebSocketPair();
    const upgrade = new Response(null, { status: 101, webSocket: pair[0] });
    const request = new Request('http://a.b/', {
      method: 'POST',
      body: 'x',
      redirect: 'manual',
      headers: { a: 'b' },
      cf: { c: 1 },
    });
    const copy = request.clone();
    return [
      attemptSync(() => used.clone().status).text.split(':')[0],
      attemptSync(() => locked.clone().status).text.split(':')[0],
      attemptSync(() => upgrade.clone()),
      copy.redirect,
      copy.method,
      [...copy.headers],
      await copy.text(),
      await request.text(),
      copy.cf,
    ];
  },
  'request-inits'() {
    const r = (init) =>
      attemptSync(() => {
        const q = new Request('http://u.x/', init);
        return [q.method, q.redirect, q.cache, q.keepalive, q.integrity, q.signal === null, q.cf];
      });
    return [
      r(),
      r({ redirect: 'error' }),
      r({ redirect: 'manual' }),
      r({ cache: 'no-store' }),
      r({ cache: 'default' }),
      r({ keepalive: true }),
      r({ integrity: 'x' }),
      r({ method: 'CONNECT' }),
      r({ cf: { a: 1 } }),
      r({ cf: 5 }),
      r({ signal: null }),
      r({ signal: {} }),
      r({ method: 'POST', body: null }),
      r({ credentials: 'omit', mode: 'cors' }),
    ];
  },
  'body-kinds': async () => {
    const type = (b) => new Response(b).headers.get('content-type');
    const f = new FormData();
    f.append('a', 'b');
    return [
      type('x'),
      type(new Uint8Array(1)),
      type(new Blob(['x'])),
      type(new Blob(['x'], { type: 'a/b' })),
      type(new URLSearchParams('a=b')),
      String(type(f)).split('=')[0],
      type(new ReadableStream()),
      type(null),
      type(5),
      await attempt(() => new Response('{').json()).then((x) => x.text.split(':')[0]),
      await attempt(() =>
        new Response('a=1', { headers: { 'content-type': 'text/plain' } }).formData(),
      ),
      await new Response(
        new ReadableStream({
          start(c) {
            c.enqueue('text');
            c.close();
          },
        }),
      )
        .text()
        .catch((e) => e.name),
      (await new Response('abc').bytes()).length,
      await new Response('\ufeffabc').text(),
      await new Response(new Uint8Array([255, 65])).text(),
    ];
  },
  'wire-request'(request) {
    return [
      request.redirect,
      request.cache,
      request.keepalive,
      request.bodyUsed,
      request.body === null,
      request.signal.aborted,
      Object.prototype.toString.call(request),
      'cf' in request,
    ];
  },
};
export default {
  fetch(request) {
    const bound = Object.fromEntries(Object.entries(probes).map(([n, p]) => [n, () => p(request)]));
    return answer(bound, request, null);
  },
};
