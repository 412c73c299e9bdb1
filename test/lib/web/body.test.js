'use strict';

const { Request } = require('../../../lib/web/fetch/request.js');
const { Response } = require('../../../lib/web/fetch/response.js');
const { NativeBody } = require('../../../lib/web/fetch/native-body.js');
const { requestFromWire } = require('../../../lib/web/internal.js');

const USED =
  'Body has already been used. It can only be used once. Use tee() first if you need to read it twice.';
const bytes = (text) => new TextEncoder().encode(text);

function wire(body) {
  return requestFromWire({ method: 'POST', url: 'http://a/', headersText: '', body });
}

describe('reading a body', () => {
  const sources = {
    string: () => 'abc',
    bytes: () => bytes('abc'),
    'a view': () => new Uint8Array(bytes('xabcx').buffer, 1, 3),
    ArrayBuffer: () => bytes('abc').buffer,
    Blob: () => new Blob(['abc']),
    stream: () => new Blob(['abc']).stream(),
    'byte stream': () =>
      new ReadableStream({
        type: 'bytes',
        start(controller) {
          controller.enqueue(bytes('ab'));
          controller.enqueue(bytes('c'));
          controller.close();
        },
      }),
    generator: () =>
      (async function* () {
        yield bytes('abc');
      })(),
  };
  for (const [name, make] of Object.entries(sources)) {
    test(`${name}: text, bytes, arrayBuffer, blob, stream, clone`, async () => {
      expect(await new Response(make()).text()).toBe('abc');
      expect(await new Response(make()).bytes()).toEqual(bytes('abc'));
      expect((await new Response(make()).arrayBuffer()).byteLength).toBe(3);
      expect((await new Response(make()).blob()).size).toBe(3);
      expect(await new Response(new Response(make()).body).text()).toBe('abc');
      const response = new Response(make());
      const clone = response.clone();
      expect(await Promise.all([response.text(), clone.text()])).toEqual(['abc', 'abc']);
      await expect(clone.text()).rejects.toThrow(new TypeError(USED));
    });
  }

  test('S9.5.1 a body is read once', async () => {
    const response = new Response('{}');
    expect(response.bodyUsed).toBe(false);
    await response.json();
    expect(response.bodyUsed).toBe(true);
    await expect(response.text()).rejects.toThrow(new TypeError(USED));
    expect(() => response.clone()).toThrow('This ReadableStream is currently locked to a reader,');
    expect(() => response.body.getReader()).toThrow('locked');
  });

  test('a null body may be read again and again', async () => {
    const response = new Response(null);
    expect([await response.text(), await response.text()]).toEqual(['', '']);
    expect([response.body, response.bodyUsed]).toEqual([null, false]);
  });

  test('a locked stream cannot be read; a read one cannot be a body', async () => {
    const response = new Response('a');
    const reader = response.body.getReader();
    await expect(response.text()).rejects.toThrow(
      'This ReadableStream is currently locked to a reader.',
    );
    expect(response.bodyUsed).toBe(false);
    expect(() => new Response(response.body)).toThrow(
      'This ReadableStream is locked to a reader, and cannot be used as a body.',
    );
    await reader.read();
    expect(response.bodyUsed).toBe(true);
    reader.releaseLock();
    expect(() => new Response(response.body)).toThrow(
      'This ReadableStream is disturbed (has already been read from), and cannot be used as a body.',
    );
  });

  test('the stream given is the stream got, and its errors are the reader’s', async () => {
    const stream = new ReadableStream({ pull: (controller) => controller.error(new Error('boo')) });
    const response = new Response(stream);
    expect(response.body).toBe(stream);
    await expect(response.text()).rejects.toThrow('boo');
  });

  test('a stream of strings is not a body of bytes', async () => {
    const stream = new ReadableStream({ start: (controller) => controller.enqueue('ab') });
    await expect(new Response(stream).text()).rejects.toThrow(
      'This ReadableStream did not return bytes.',
    );
  });

  test('byob reading', async () => {
    const reader = new Response('abc').body.getReader({ mode: 'byob' });
    const { value } = await reader.read(new Uint8Array(8));
    expect(value).toEqual(bytes('abc'));
    expect((await reader.read(new Uint8Array(8))).done).toBe(true);
  });

  test('bytes are copied at construction, and each reader gets its own', async () => {
    const source = bytes('abc');
    const response = new Response(source);
    source.fill(0);
    const clone = response.clone();
    const first = await response.bytes();
    first.fill(0);
    expect(await clone.text()).toBe('abc');
  });

  test('text: the byte order mark goes, invalid UTF-8 and lone surrogates become U+FFFD', async () => {
    expect(await new Response('\ufeffa').text()).toBe('a');
    expect(await new Response(new Uint8Array([0xff, 0x41])).text()).toBe('\ufffdA');
    expect(await new Response('\ud800').text()).toBe('\ufffd');
  });

  test.each([
    ['a', 'text/plain;charset=UTF-8'],
    [new Uint8Array(1), null],
    [new Blob(['a'], { type: 'x/y' }), 'x/y'],
    [new Blob(['a']), null],
    [new URLSearchParams('a=b'), 'application/x-www-form-urlencoded;charset=UTF-8'],
    [5, 'text/plain;charset=UTF-8'],
    [null, null],
  ])('Content-Type of %p', (body, type) => {
    expect(new Response(body).headers.get('content-type')).toBe(type);
    expect(
      new Response(body, { headers: { 'content-type': 'q' } }).headers.get('content-type'),
    ).toBe('q');
  });
});

describe('formData', () => {
  test('both encodings', async () => {
    const form = new FormData();
    form.append('a', '1');
    form.append('f', new File(['hey'], 'x.txt', { type: 'text/plain' }));
    const back = await new Request('http://a/', { method: 'POST', body: form }).formData();
    expect(back.get('a')).toBe('1');
    expect(back.get('f').name).toBe('x.txt');
    expect(await back.get('f').text()).toBe('hey');
    const encoded = await new Response(new URLSearchParams('a=1&b=2')).formData();
    expect([...encoded]).toEqual([
      ['a', '1'],
      ['b', '2'],
    ]);
  });

  test.each([
    ['a', {}, /^Unrecognized Content-Type header value\./],
    [new Uint8Array(1), {}, /^Parsing a Body as FormData requires a Content-Type header\.$/],
    [
      'z',
      { 'content-type': 'multipart/form-data' },
      /^No boundary string in Content-Type header\./,
    ],
    ['z', { 'content-type': 'multipart/form-data; boundary=x' }, /^No initial boundary string/],
  ])('refuses %p %j', async (body, headers, message) => {
    await expect(new Response(body, { headers }).formData()).rejects.toThrow(message);
  });
});

describe('NativeBody', () => {
  test('collects without a stream and gives credit for what it took', async () => {
    const credit = [];
    const body = new NativeBody((count) => credit.push(count));
    const request = wire(body);
    body.push(bytes('ab'), false);
    const text = request.text();
    expect(credit).toEqual([2]);
    body.push(bytes('cd'), false);
    await Promise.resolve().then(() => {});
    body.push(bytes('e'), true);
    expect(await text).toBe('abcde');
  });

  test('as a stream: credit only for what was read', async () => {
    const credit = [];
    const body = new NativeBody((count) => credit.push(count));
    const request = wire(body);
    body.push(bytes('ab'), false);
    body.push(bytes('cd'), false);
    const reader = request.body.getReader();
    expect((await reader.read()).value).toEqual(bytes('ab'));
    expect(credit).toEqual([2]);
    const rest = reader.read();
    expect((await rest).value).toEqual(bytes('cd'));
    const end = reader.read();
    body.push(undefined, true);
    expect((await end).done).toBe(true);
  });

  test('a view of a larger buffer leaves the rest of it alone', async () => {
    const all = bytes('abcd');
    const body = new NativeBody(() => {});
    body.push(all.subarray(0, 2), true);
    const reader = wire(body).body.getReader();
    expect((await reader.read()).value).toEqual(bytes('ab'));
    expect(all.byteLength).toBe(4);
  });

  test('a peer that vanished fails the reader after what did arrive', async () => {
    const body = new NativeBody(() => {});
    body.push(bytes('ab'), false);
    body.push(undefined, true, true);
    const reader = wire(body).body.getReader();
    expect((await reader.read()).value).toEqual(bytes('ab'));
    await expect(reader.read()).rejects.toThrow('Network connection lost.');
    const other = new NativeBody(() => {});
    other.push(undefined, true, true);
    await expect(wire(other).text()).rejects.toThrow('Network connection lost.');
  });

  test('cancelled: what came and what comes is credited and dropped', async () => {
    const credit = [];
    const body = new NativeBody((count) => credit.push(count));
    body.push(bytes('ab'), false);
    await wire(body).body.cancel();
    body.push(bytes('cde'), false);
    expect(credit).toEqual([2, 3]);
  });
});
