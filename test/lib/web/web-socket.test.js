'use strict';

const { WebSocketPair } = require('../../../lib/web/sockets/web-socket-pair.js');
const { WebSocket } = require('../../../lib/web/sockets/web-socket.js');
const { configureWeb, settings } = require('../../../lib/web/settings.js');
const { nextClose, recorded, pair } = require('./support/sockets.js');

const NOT_ACCEPTED =
  'You must call one of accept() or state.acceptWebSocket() on this WebSocket before sending messages.';
const before = { ...settings };
afterEach(() => configureWeb(before));

describe('WebSocketPair', () => {
  test('S6.1.1 keys, iteration, new', () => {
    const sockets = new WebSocketPair();
    expect(Object.keys(sockets)).toEqual(['0', '1']);
    expect([...sockets]).toEqual(Object.values(sockets));
    expect(() => WebSocketPair()).toThrow(
      new TypeError(
        "Failed to construct 'WebSocketPair': Please use the 'new' operator, this object constructor cannot be called as a function.",
      ),
    );
  });

  test('S6.7.1, S6.7.2, S6.7.3 state, names and binaryType of an end', () => {
    const [ws] = new WebSocketPair();
    expect([ws.readyState, ws.url, ws.protocol, ws.extensions, ws.binaryType]).toEqual([
      1,
      null,
      '',
      '',
      'blob',
    ]);
    expect([WebSocket.CLOSED, ws.READY_STATE_CLOSING, WebSocket.READY_STATE_OPEN]).toEqual([
      3, 2, 1,
    ]);
    configureWeb({ standardBinaryType: false });
    expect(new WebSocketPair()[0].binaryType).toBe('arraybuffer');
  });
});

describe('send', () => {
  test('S6.1.2, S6.4.1 order, copies, coercion; what came before accept is kept', async () => {
    const [a, b] = new WebSocketPair();
    const seen = recorded(b);
    b.binaryType = 'arraybuffer';
    a.accept();
    const bytes = new Uint8Array([1, 2, 3, 4]);
    a.send('x');
    a.send(bytes.subarray(1, 3));
    bytes.fill(9);
    a.send(5);
    a.send(undefined);
    a.close(1000, 'bye');
    b.accept();
    await nextClose(b);
    expect(seen).toEqual([
      'x',
      [2, 3],
      '5',
      'undefined',
      { code: 1000, reason: 'bye', wasClean: true },
    ]);
  });

  test('S6.7.3 binaryType blob', async () => {
    const { a, b } = pair();
    const got = new Promise((resolve) => b.addEventListener('message', resolve));
    a.send(new Uint8Array(3));
    expect((await got).data).toBeInstanceOf(Blob);
  });

  test('S6.4.2, S6.5.5 before accept', () => {
    const [a] = new WebSocketPair();
    expect(() => a.send('x')).toThrow(new TypeError(NOT_ACCEPTED));
    expect(() => a.close()).toThrow(new TypeError(NOT_ACCEPTED));
  });

  test('S6.4.3 after close', () => {
    const { a } = pair();
    a.close();
    expect(() => a.send('x')).toThrow(new TypeError("Can't call WebSocket send() after close()."));
  });

  test('S0.1.7 without an argument', () => {
    expect(() => pair().a.send()).toThrow(
      "Failed to execute 'send' on 'WebSocket': parameter 1 is not of type 'ArrayBuffer or ArrayBufferView or string'.",
    );
  });

  test('S6.4.5, S2.6.2 messages wait for durability and keep their order', async () => {
    const { a, b } = pair();
    const seen = recorded(b);
    let open;
    const holds = [new Promise((resolve) => (open = resolve)), undefined, undefined];
    configureWeb({ holdOutput: () => holds.shift() });
    a.send('1');
    a.send('2');
    a.close(1000, '');
    await new Promise(setImmediate);
    expect(seen).toEqual([]);
    open();
    await nextClose(b);
    expect(seen.slice(0, 2)).toEqual(['1', '2']);
  });

  test('S2.6 writes that were lost take their messages along', async () => {
    const { a, b } = pair();
    const seen = recorded(b);
    const holds = [Promise.reject(new Error('lost')), undefined, undefined];
    configureWeb({ holdOutput: () => holds.shift() });
    a.send('1');
    a.send('2');
    a.close(1000, '');
    await nextClose(b);
    expect(seen[0]).toBe('2');
  });
});

describe('close', () => {
  test.each([999, 1004, 1005, 1006, 1015, 5000, 0, NaN])('S6.5.1 refuses %p', (code) => {
    const name = Number.isNaN(code) ? 0 : code;
    const { a } = pair();
    expect(() => a.close(code)).toThrow(`Invalid WebSocket close code: ${name}.`);
    expect(() => a.close(code)).toThrow(expect.objectContaining({ name: 'InvalidAccessError' }));
  });

  test.each([1000, 1001, 1016, 4999, '1000', 1000.7])('S6.5.1 takes %p', (code) => {
    expect(() => pair().a.close(code)).not.toThrow();
  });

  test('S6.5.2 the reason is at most 123 bytes, by flag', () => {
    const long = 'é'.repeat(62);
    expect(() => pair().a.close(1000, long)).toThrow(
      'WebSocket close reason must not be longer than 123 bytes when UTF-8 encoded.',
    );
    configureWeb({ closeReasonByteLimit: false });
    expect(() => pair().a.close(1000, long)).not.toThrow();
  });

  test('S6.5.3 a reason needs a code', () => {
    expect(() => pair().a.close(undefined, '')).toThrow(
      'If you specify a WebSocket close reason, you must also specify a code.',
    );
  });

  test('S6.5.4 without a code the peer sees 1005', async () => {
    const { a, b } = pair();
    a.close();
    expect(await nextClose(b)).toMatchObject({ code: 1005, reason: '', wasClean: true });
  });

  test('S6.6.2 with the flag the close is answered and both ends are CLOSED', async () => {
    const { a, b } = pair();
    a.close(3001, 'why');
    expect([a.readyState, b.readyState]).toEqual([2, 1]);
    const seen = [];
    b.addEventListener('close', () => seen.push(b.readyState));
    expect(await nextClose(a)).toMatchObject({ code: 3001, reason: 'why' });
    expect([seen, a.readyState]).toEqual([[3], 3]);
    expect(() => b.close(1000)).not.toThrow();
    a.close(1000, 'again');
  });

  test.each([
    ['S6.6.1 without the flag', { autoReplyToClose: false }, undefined],
    ['S6.6.2 with allowHalfOpen', {}, { allowHalfOpen: true }],
  ])('%s the application answers, and may still send', async (_name, flags, options) => {
    configureWeb(flags);
    const { a, b } = pair(options);
    const seen = recorded(a);
    a.close(3001, 'why');
    await nextClose(b);
    expect([a.readyState, b.readyState]).toEqual([2, 2]);
    b.send('still');
    b.close(3002, 'ok');
    await nextClose(a);
    expect(seen).toEqual(['still', { code: 3002, reason: 'ok', wasClean: true }]);
    expect([a.readyState, b.readyState]).toEqual([3, 3]);
  });
});

describe('events', () => {
  test('S6.7.4 on<type> is called first, then listeners; a non-function is ignored', async () => {
    const { a, b } = pair();
    const seen = [];
    b.addEventListener('message', () => seen.push('listener'));
    b.onmessage = (event) => seen.push(`property ${event.data} ${event.target === b}`);
    b.onopen = 5;
    a.send('1');
    a.close(1000);
    await nextClose(b);
    expect(seen).toEqual(['property 1 true', 'listener']);
  });

  test('S6.7.5 a listener that throws is reported and disconnects the peer after what was sent', async () => {
    const errors = [];
    configureWeb({ reportError: (error) => errors.push(error.message) });
    const { a, b } = pair();
    const seen = [];
    a.addEventListener('message', ({ data }) => seen.push(`a got ${data}`));
    b.addEventListener('message', () => {
      b.send('before');
      throw new Error('boo');
    });
    b.addEventListener('message', ({ data }) => seen.push(`b got ${data}`));
    a.send('1');
    a.send('2');
    const { code, wasClean } = await nextClose(a);
    expect([errors, seen, code, wasClean, b.readyState]).toEqual([
      ['boo'],
      ['a got before'],
      1006,
      false,
      WebSocket.CLOSED,
    ]);
  });

  test('removeEventListener, once, handleEvent objects', async () => {
    const { a, b } = pair();
    const seen = [];
    const gone = () => seen.push('gone');
    b.addEventListener('message', gone);
    b.removeEventListener('message', gone);
    b.addEventListener('message', () => seen.push('once'), { once: true });
    b.addEventListener('message', { handleEvent: () => seen.push('object') });
    a.send('1');
    a.send('2');
    a.close(1000);
    await nextClose(b);
    expect(seen).toEqual(['once', 'object', 'object']);
  });

  test('S6.3.4 each event is delivered the way the accepting code asks', async () => {
    const queue = [];
    const [a, b] = new WebSocketPair();
    a.accept();
    configureWeb({ deliverHere: () => (fn) => queue.push(fn) });
    const seen = recorded(b);
    a.send('1');
    b.accept();
    a.send('2');
    expect([queue.length, seen.length]).toEqual([2, 0]);
    queue.forEach((fn) => fn());
    expect(seen).toEqual(['1', '2']);
  });
});

describe('attachments', () => {
  test('S6.11.4, S6.11.5 fresh copies, undefined and null as values, the limit', () => {
    const [ws] = new WebSocketPair();
    expect(ws.deserializeAttachment()).toBeNull();
    const value = { x: new Date(0), y: [1] };
    ws.serializeAttachment(value);
    expect(ws.deserializeAttachment()).toEqual(value);
    expect(ws.deserializeAttachment()).not.toBe(ws.deserializeAttachment());
    ws.serializeAttachment(undefined);
    expect(ws.deserializeAttachment()).toBeUndefined();
    expect(() => ws.serializeAttachment('x'.repeat(17000))).toThrow(
      "A WebSocket 'attachment' cannot be larger than 16384 bytes.'attachment' was 17006 bytes.",
    );
    expect(() => ws.serializeAttachment(() => 1)).toThrow(
      expect.objectContaining({ name: 'DataCloneError' }),
    );
    expect(ws.deserializeAttachment()).toBeUndefined();
  });
});
