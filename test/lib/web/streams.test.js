'use strict';

const {
  FixedLengthStream,
  IdentityTransformStream,
} = require('../../../lib/web/streams/identity-transform-stream.js');
const { DigestStream, timingSafeEqual } = require('../../../lib/web/streams/digest-stream.js');
const { Response } = require('../../../lib/web/fetch/response.js');

const bytes = (text) => new TextEncoder().encode(text);

describe('IdentityTransformStream', () => {
  test('S9.2 bytes pass, byob reading works, a write is done when it was read', async () => {
    const { readable, writable } = new IdentityTransformStream();
    const writer = writable.getWriter();
    let isWritten = false;
    const written = writer.write(bytes('abc')).then(() => (isWritten = true));
    await new Promise(setImmediate);
    expect(isWritten).toBe(false);
    const reader = readable.getReader({ mode: 'byob' });
    expect((await reader.read(new Uint8Array(8))).value).toEqual(bytes('abc'));
    await written;
    const end = reader.read(new Uint8Array(8));
    await writer.close();
    expect((await end).done).toBe(true);
  });

  test('refuses what is not bytes', async () => {
    const { writable } = new IdentityTransformStream();
    await expect(writable.getWriter().write(5)).rejects.toThrow(
      /received an object of non-ArrayBuffer\/ArrayBufferView type on its writable side\.$/,
    );
  });

  test('a reader that cancels fails the writer; a writer that aborts fails the reader', async () => {
    const first = new IdentityTransformStream();
    const writing = first.writable.getWriter();
    const pending = writing.write(bytes('a'));
    pending.catch(() => {});
    await first.readable.cancel(new Error('enough'));
    await expect(writing.closed).rejects.toThrow('enough');
    const second = new IdentityTransformStream();
    await second.writable.abort(new Error('stop'));
    await expect(new Response(second.readable).text()).rejects.toThrow('stop');
  });
});

describe('FixedLengthStream', () => {
  /** Writes, closes, reads. */
  function through(length, text) {
    const { readable, writable } = new FixedLengthStream(length);
    const writer = writable.getWriter();
    writer.closed.catch(() => {});
    writer.write(bytes(text)).catch(() => {});
    writer.close().catch(() => {});
    return new Response(readable).text();
  }

  test('S9.2 errors on too few or many bytes', async () => {
    expect(await through(3n, 'abc')).toBe('abc');
    await expect(through(3, 'abcd')).rejects.toThrow(
      'Attempt to write too many bytes through a FixedLengthStream.',
    );
    await expect(through(3, 'a')).rejects.toThrow(
      'FixedLengthStream did not see all expected bytes before close().',
    );
  });

  test('arguments', () => {
    expect(() => new FixedLengthStream()).toThrow(
      "Failed to construct 'FixedLengthStream': constructor parameter 1 is not of type 'bigint'.",
    );
    expect(() => new FixedLengthStream(-1)).toThrow(/it is negative/);
  });
});

describe('DigestStream', () => {
  test('S9.2 digest and bytesWritten', async () => {
    const stream = new DigestStream('sha-256');
    await new Response('abc').body.pipeTo(stream);
    const hex = Buffer.from(await stream.digest).toString('hex');
    expect(hex).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(stream.bytesWritten).toBe(3n);
  });

  test('errors', async () => {
    expect(() => new DigestStream('foo')).toThrow(
      expect.objectContaining({ name: 'NotSupportedError' }),
    );
    const stream = new DigestStream({ name: 'MD5' });
    await stream.abort(new Error('x'));
    await expect(stream.digest).rejects.toThrow('x');
  });
});

test('S9.2 timingSafeEqual', () => {
  expect(timingSafeEqual(new Uint8Array(2), new ArrayBuffer(2))).toBe(true);
  expect(timingSafeEqual(new Uint8Array([1]), new Uint8Array([2]))).toBe(false);
  expect(() => timingSafeEqual(new Uint8Array(2), new Uint8Array(3))).toThrow(
    new TypeError('Input buffers must have the same byte length.'),
  );
  expect(() => timingSafeEqual('a', 'b')).toThrow(
    "Failed to execute 'timingSafeEqual' on 'SubtleCrypto': parameter 1 is not of type 'BufferSource'.",
  );
});
