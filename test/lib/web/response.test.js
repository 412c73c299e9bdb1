'use strict';

const { Response, isResponse } = require('../../../lib/web/fetch/response.js');
const { WebSocketPair } = require('../../../lib/web/sockets/web-socket-pair.js');
const { responseParts } = require('../../../lib/web/internal.js');

const NodeResponse = globalThis.Response;

describe('constructor', () => {
  const RANGE =
    'Responses may only be constructed with status codes in the range 200 to 599, inclusive.';
  const NULL_BODY = 'Response with null body status (101, 204, 205, or 304) cannot have a body.';
  const socket = () => new WebSocketPair()[0];

  test.each([
    ['a', { status: 199 }, RangeError, RANGE],
    ['a', { status: 600 }, RangeError, RANGE],
    ['a', { status: 'abc' }, RangeError, RANGE],
    [null, { status: 101 }, RangeError, RANGE],
    ['a', { status: 204 }, TypeError, NULL_BODY],
    [
      null,
      { webSocket: socket() },
      RangeError,
      'Responses with a WebSocket must have status code 101.',
    ],
    ['x', { status: 101, webSocket: socket() }, TypeError, NULL_BODY],
    [
      null,
      { status: 101, webSocket: {} },
      TypeError,
      "Incorrect type for the 'webSocket' field on 'InitializerDict': the provided value is not of type 'WebSocket'.",
    ],
    ['a', { statusText: 'a\nb' }, TypeError, 'Invalid statusText'],
    ['a', { encodeBody: 'zz' }, TypeError, 'encodeBody: unexpected value: zz'],
    [
      'a',
      5,
      TypeError,
      "Failed to construct 'Response': constructor parameter 2 is not of type 'InitializerDict or Response'.",
    ],
  ])('S6.2.2 refuses %p with %p', (body, init, type, message) => {
    expect(() => new Response(body, init)).toThrow(type);
    expect(() => new Response(body, init)).toThrow(message);
  });

  test('S6.2.1 webSocket with status 101', () => {
    const [client] = new WebSocketPair();
    const response = new Response(null, { status: 101, webSocket: client });
    expect(response.webSocket).toBe(client);
    expect([response.status, response.ok]).toEqual([101, false]);
    expect(new Response('a').webSocket).toBeNull();
    expect(() => response.clone()).toThrow('Cannot clone a response to a WebSocket handshake.');
  });

  test('another Response as init', () => {
    const init = new Response('a', { status: 201, headers: { q: '1' }, statusText: 'zz' });
    const response = new Response('b', init);
    expect([response.status, response.statusText, response.headers.get('q')]).toEqual([
      201,
      'zz',
      '1',
    ]);
  });

  test('cf is copied', () => {
    const cf = { a: 1 };
    const response = new Response('a', { cf });
    expect(response.cf).toEqual(cf);
    expect(response.cf).not.toBe(cf);
    expect(new Response('a').cf).toBeUndefined();
  });
});

describe('static methods', () => {
  test('json', async () => {
    const response = Response.json({ a: 1 }, { status: 201 });
    expect([response.status, response.headers.get('content-type')]).toEqual([
      201,
      'application/json',
    ]);
    expect(await response.text()).toBe('{"a":1}');
    const typed = Response.json({}, { headers: { 'Content-Type': 'x/y', b: '1' } });
    expect([...typed.headers]).toEqual([
      ['b', '1'],
      ['content-type', 'x/y'],
    ]);
    expect([...Response.json({}, { headers: { b: '1' } }).headers]).toEqual([
      ['b', '1'],
      ['content-type', 'application/json'],
    ]);
    expect(() => Response.json()).toThrow(
      "Failed to execute 'json' on 'Response': parameter 1 is not of type 'Value'.",
    );
    expect(() => Response.json({}, { status: 204 })).toThrow(TypeError);
  });

  test('redirect and error', () => {
    const response = Response.redirect('http://a/b c');
    expect([response.status, response.headers.get('location')]).toEqual([302, 'http://a/b%20c']);
    expect(() => response.headers.set('a', 'b')).toThrow("Can't modify immutable headers.");
    expect(() => Response.redirect('/a')).toThrow(new TypeError('Unable to parse URL: /a'));
    expect(() => Response.redirect('http://a', 200)).toThrow(
      new RangeError(
        '200 is not a redirect status code. It must be one of: 301, 302, 303, 307, or 308.',
      ),
    );
    expect([Response.error().status, Response.error().type]).toEqual([0, 'error']);
  });
});

describe('identity', () => {
  test('Node instances count, subclasses stay apart', () => {
    class Mine extends Response {}
    expect(new NodeResponse()).toBeInstanceOf(Response);
    expect(isResponse(new NodeResponse())).toBe(true);
    expect(new Mine()).toBeInstanceOf(Response);
    expect(new Response()).not.toBeInstanceOf(Mine);
    expect(isResponse({ status: 200 })).toBe(false);
  });

  test('members are on the prototype and enumerable; toStringTag', () => {
    const names = [];
    for (const name in new Response()) names.push(name);
    expect(names).toEqual(expect.arrayContaining(['clone', 'status', 'webSocket', 'body', 'text']));
    expect(Object.prototype.toString.call(new Response())).toBe('[object Response]');
    expect(Object.keys(new Response())).toEqual([]);
  });
});

describe('responseParts', () => {
  test('a string response, and its body is used afterwards', () => {
    const response = new Response('ok');
    expect(responseParts(response)).toEqual({
      status: 200,
      statusText: '',
      headersText: 'content-type: text/plain;charset=UTF-8\r\n',
      body: 'ok',
      webSocket: null,
    });
    expect(response.bodyUsed).toBe(true);
    expect(() => responseParts(response)).toThrow(/^Body has already been used/);
  });

  test('headers of the user, and headers that were changed later', () => {
    const response = new Response(new Uint8Array([1]), { status: 201, headers: { 'X-A': '1' } });
    response.headers.append('set-cookie', 'a=1');
    const { headersText, body } = responseParts(response);
    expect(headersText).toBe('x-a: 1\r\nset-cookie: a=1\r\n');
    expect(body).toEqual(new Uint8Array([1]));
  });

  test('a Response of Node', async () => {
    const parts = responseParts(new NodeResponse('abc', { status: 202, headers: { a: '1' } }));
    expect(parts.status).toBe(202);
    expect(parts.headersText).toContain('a: 1\r\n');
    expect(await new Response(parts.body).text()).toBe('abc');
  });

  test('S9.2 a FixedLengthStream gives its length', () => {
    const { FixedLengthStream } = require('../../../lib/web/streams/identity-transform-stream.js');
    const { readable } = new FixedLengthStream(3);
    expect(responseParts(new Response(readable)).headersText).toBe('content-length: 3\r\n');
  });
});
