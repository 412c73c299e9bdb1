// Streams over RPC: bytes only, errors stay at their side (S7.5.3, S7.5.4).
'use strict';

const { moveReadable, moveWritable } = require('../../../lib/rpc/streams');
const { Invocation } = require('../../../lib/workers/invocation');

/** @param {unknown[]} chunks */
const streamOf = (...chunks) =>
  new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });

/** @param {ReadableStream} stream */
const textOf = async (stream) => {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of /** @type {any} */ (stream)) text += decoder.decode(chunk);
  return text;
};

const disconnected = new Error('ReadableStream received over RPC disconnected prematurely.');

describe('S7.5.4 a ReadableStream', () => {
  test('carries bytes, and text as bytes', async () => {
    const bytes = new Uint8Array([65, 66]);
    const stream = moveReadable(
      streamOf(bytes, bytes.buffer, 'text', new Uint8Array()),
      undefined,
      false,
    );
    expect(await textOf(stream)).toBe('ABABtext');
  });

  test('a chunk is a copy', async () => {
    const chunk = new Uint8Array([1]);
    const reader = moveReadable(streamOf(chunk), undefined, false).getReader();
    const { value } = await reader.read();
    chunk[0] = 2;
    expect([...value]).toEqual([1]);
  });

  test.each([[5], [{ a: 1 }], [undefined]])('what is no bytes ends it: %p', async (chunk) => {
    await expect(textOf(moveReadable(streamOf(chunk), undefined, false))).rejects.toThrow(
      disconnected,
    );
  });

  test('the error of the source stays there', async () => {
    const stream = new ReadableStream({ pull: (controller) => controller.error(new Error('own')) });
    await expect(textOf(moveReadable(stream, undefined, false))).rejects.toThrow(disconnected);
  });

  test('a locked one is refused, and a sent one is locked', () => {
    const stream = streamOf('x');
    moveReadable(stream, undefined, false);
    expect(stream.locked).toBe(true);
    expect(() => moveReadable(stream, undefined, false)).toThrow(
      new TypeError('The ReadableStream has been locked to a reader.'),
    );
  });

  test('S7.5.3 is one chunk ahead of its reader', async () => {
    let pulls = 0;
    const source = new ReadableStream(
      {
        pull(controller) {
          pulls += 1;
          controller.enqueue(new Uint8Array(1));
        },
      },
      { highWaterMark: 0 },
    );
    const settled = () => new Promise((resolve) => setImmediate(resolve));
    const reader = moveReadable(source, undefined, false).getReader();
    await settled();
    expect(pulls).toBe(1);
    await reader.read();
    await settled();
    expect(pulls).toBe(2);
  });

  test('S7.6.3 a session goes on until its stream has ended', async () => {
    const session = new Invocation(/** @type {any} */ ({ flags: {} }), 'session');
    session.begin();
    const stream = moveReadable(streamOf('text'), session, true);
    session.done();
    expect(session.isLive).toBe(true);
    expect(await textOf(stream)).toBe('text');
    expect(session.isLive).toBe(false);
  });
});

describe('S7.5.4 a WritableStream', () => {
  test('writes, closes and fails as the sink does', async () => {
    /** @type {any[]} */
    const seen = [];
    const sink = new WritableStream({
      write: (chunk) => void seen.push(...chunk),
      close: () => void seen.push('closed'),
    });
    const writer = moveWritable(sink, undefined).getWriter();
    await writer.write('A');
    await writer.write(new Uint8Array([1, 2]));
    await writer.close();
    expect(seen).toEqual([65, 1, 2, 'closed']);
  });

  test('refuses what is no bytes', async () => {
    const writer = moveWritable(new WritableStream(), undefined).getWriter();
    writer.closed.catch(() => {});
    await expect(writer.write({})).rejects.toThrow(TypeError);
  });

  test('the reason of an abort stays at the writer', async () => {
    /** @type {any} */
    let reason;
    const sink = new WritableStream({ abort: (given) => void (reason = given) });
    await moveWritable(sink, undefined).getWriter().abort(new Error('mine'));
    expect(reason.message).toBe(
      'WritableStream received over RPC was disconnected because the remote execution context has ended.',
    );
  });
});
