'use strict';

const { Request } = require('../../../lib/web/fetch/request.js');
const { Response } = require('../../../lib/web/fetch/response.js');
const { WebSocketPair } = require('../../../lib/web/sockets/web-socket-pair.js');
const {
  abortRequest,
  couple,
  requestForDelivery,
  requestFromWire,
  responseForDelivery,
} = require('../../../lib/web/internal.js');
const { fakePort } = require('./support/sockets.js');

const NodeRequest = globalThis.Request;
const post = (init) => new Request('http://a/', { method: 'POST', body: 'x', ...init });

describe('constructor', () => {
  test.each([
    [['/a'], 'Invalid URL: /a'],
    [[''], 'Invalid URL: '],
    [
      [],
      "Failed to construct 'Request': constructor parameter 1 is not of type 'Request or string'.",
    ],
    [
      ['http://a', 5],
      "Failed to construct 'Request': constructor parameter 2 is not of type 'RequestInitializerDict or Request'.",
    ],
    [['http://a', { method: 'A B' }], 'Invalid HTTP method string: A B'],
    [['http://a', { method: 'CONNECT' }], 'Invalid HTTP method string: CONNECT'],
    [['http://a', { method: null }], 'Invalid HTTP method string: null'],
    [['http://a', { body: 'x' }], 'Request with a GET or HEAD method cannot have a body.'],
    [['http://a', { body: '' }], 'Request with a GET or HEAD method cannot have a body.'],
    [['http://a', { cache: 'reload' }], 'Unsupported cache mode: reload'],
    [
      ['http://a', { signal: 5 }],
      "Incorrect type for the 'signal' field on 'RequestInitializerDict': the provided value is not of type 'AbortSignal'.",
    ],
    [
      ['http://a', { cf: 5 }],
      "Incorrect type for the 'cf' field on 'RequestInitializerDict': the provided value is not of type 'Object'.",
    ],
  ])('S0.1.7 refuses %j', (args, message) => {
    expect(() => new Request(...args)).toThrow(new TypeError(message));
  });

  test('methods are upper case, URLs normalised', () => {
    const methods = ['get', 'patch', 'purge'].map(
      (method) => new Request('http://a', { method }).method,
    );
    expect(methods).toEqual(['GET', 'PATCH', 'PURGE']);
    expect(new Request('HTTP://A/b c#f').url).toBe('http://a/b%20c#f');
    expect(new Request(new URL('http://a/b')).url).toBe('http://a/b');
  });

  test('a Request as input: its body moves, its signal and cf come along', async () => {
    const signal = AbortSignal.abort();
    const first = post({ signal, cf: { a: 1 }, redirect: 'manual' });
    const second = new Request(first);
    expect([first.bodyUsed, await second.text()]).toEqual([true, 'x']);
    expect([second.signal, second.cf, second.redirect]).toEqual([signal, { a: 1 }, 'manual']);
    expect(second.cf).not.toBe(first.cf);
    expect(() => new Request(first)).toThrow('Cannot reconstruct a Request with a used body.');
    expect(await new Request(first, { body: 'y' }).text()).toBe('y');
  });

  test('a Request as init, a Node Request as input', async () => {
    const other = new Request('http://b/', post({ headers: { q: '1' } }));
    expect([other.method, other.url, other.headers.get('q'), await other.text()]).toEqual([
      'POST',
      'http://b/',
      '1',
      'x',
    ]);
    const node = new NodeRequest('http://n/', { method: 'PUT', body: 'z', headers: { q: '2' } });
    const own = new Request(node);
    expect([own.method, own.url, own.headers.get('q'), await own.text()]).toEqual([
      'PUT',
      'http://n/',
      '2',
      'z',
    ]);
    expect(node).toBeInstanceOf(Request);
  });

  test('clone reads alike', async () => {
    const request = post({ headers: { h: '1' } });
    const clone = request.clone();
    expect([await request.text(), await clone.text()]).toEqual(['x', 'x']);
    expect([clone.url, clone.method, clone.headers.get('h')]).toEqual(['http://a/', 'POST', '1']);
  });
});

describe('delivery', () => {
  const wire = (body = null, headersText = '') =>
    requestFromWire({ method: 'POST', url: 'http://h/p', headersText, body });

  test('S1.8.2 URL, method, headers and cf as the caller gave them', () => {
    const request = requestForDelivery([
      'https://do/path?q',
      { headers: { a: '1' }, cf: { b: 2 } },
    ]);
    expect([request.url, request.method, request.cf]).toEqual([
      'https://do/path?q',
      'GET',
      { b: 2 },
    ]);
    expect([...request.headers]).toEqual([['a', '1']]);
    expect(requestForDelivery(['http://a']).cf).toBeUndefined();
  });

  test('S1.8.3 relative URLs and unknown schemes', () => {
    expect(() => requestForDelivery(['/a'])).toThrow(new TypeError('Invalid URL: /a'));
    expect(() => requestForDelivery(['ftp://a/b'])).toThrow(
      new TypeError('Fetch API cannot load: ftp://a/b'),
    );
  });

  test('S1.8.7 the callee gets a new Request; the body moves; headers are immutable', async () => {
    const sent = wire(new TextEncoder().encode('abc'), 'a\x001\0');
    const got = requestForDelivery([sent]);
    expect(got).not.toBe(sent);
    expect(sent.bodyUsed).toBe(true);
    expect(await got.text()).toBe('abc');
    expect(() => got.headers.set('a', '2')).toThrow("Can't modify immutable headers.");
    expect(() => requestForDelivery([sent])).toThrow(
      'Cannot reconstruct a Request with a used body.',
    );
  });

  test('S1.8.7 the signal aborts when the client goes, asked for before or after', () => {
    const early = wire();
    const { signal } = early;
    abortRequest(early);
    expect(signal.aborted).toBe(true);
    const late = wire();
    abortRequest(late);
    expect(late.signal.reason).toMatchObject({
      name: 'AbortError',
      message: 'The client has disconnected',
    });
  });

  test('a Response comes back as a new one', async () => {
    const response = new Response('abc', { status: 201, headers: { a: '1' } });
    const got = responseForDelivery(response, wire());
    expect(got).not.toBe(response);
    expect([got.status, got.headers.get('a'), got.url]).toEqual([201, '1', 'http://h/p']);
    expect(() => got.headers.set('a', '2')).toThrow("Can't modify immutable headers.");
    expect(await got.text()).toBe('abc');
    expect(response.bodyUsed).toBe(true);
    expect(() => responseForDelivery(response, wire())).toThrow(/^Body has already been used/);
  });

  test('S6.2.3 a WebSocket needs an Upgrade request', () => {
    const response = new Response(null, { status: 101, webSocket: new WebSocketPair()[0] });
    expect(() => responseForDelivery(response, wire())).toThrow(
      'Worker tried to return a WebSocket in a response to a request which did not contain the header "Upgrade: websocket".',
    );
    const upgrade = wire(null, 'upgrade\0WebSocket\0');
    const got = responseForDelivery(response, upgrade);
    expect(got.webSocket.readyState).toBe(1);
    expect(got.webSocket).not.toBe(response.webSocket);
    // S6.2.5: an end that cannot be returned is passed as it is; the edge refuses it.
    const used = new Response(null, { status: 101, webSocket: response.webSocket });
    expect(() => couple(responseForDelivery(used, upgrade).webSocket, fakePort())).toThrow(
      "Can't return WebSocket that was already used in a response.",
    );
  });
});
