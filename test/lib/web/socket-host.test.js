'use strict';

const { WebSocketPair } = require('../../../lib/web/sockets/web-socket-pair.js');
const { configureWeb, settings } = require('../../../lib/web/settings.js');
const host = require('../../../lib/web/sockets/socket-host.js');
const { fakePort, fakeSink, nextClose, recorded } = require('./support/sockets.js');

const before = { ...settings };
afterEach(() => configureWeb(before));
const now = (fn) => fn();

describe('couple', () => {
  test('what was sent before goes first, then what is sent goes to the port', () => {
    const [client, server] = new WebSocketPair();
    const port = fakePort();
    server.accept();
    server.send('1');
    const link = host.couple(client, port);
    server.send('2');
    server.send(new Uint8Array([3]));
    server.close(1000, 'bye');
    expect(port.calls).toEqual([
      ['send', '1'],
      ['send', '2'],
      ['send', [3]],
      ['close', 1000, 'bye'],
    ]);
    expect(link.ws).toBe(server);
  });

  test('S2.6.2 what waits for durability is left to the port', () => {
    configureWeb({ holdOutput: () => new Promise(() => {}) });
    const [client, server] = new WebSocketPair();
    server.accept();
    server.send('held');
    const port = fakePort();
    host.couple(client, port);
    expect(port.calls).toEqual([['send', 'held']]);
  });

  test('an end that is accepted later gets what arrived', async () => {
    const [client, server] = new WebSocketPair();
    const link = host.couple(client, fakePort());
    link.message('early');
    const seen = recorded(server);
    server.accept();
    await new Promise(setImmediate);
    link.message('late');
    expect(seen).toEqual(['early', 'late']);
  });

  test('S6.6.2 the peer closes: the standard end answers, then CLOSED, one close event', () => {
    const [client, server] = new WebSocketPair();
    server.accept();
    const seen = recorded(server);
    const port = fakePort();
    const link = host.couple(client, port);
    link.peerClose(3001, 'why');
    link.closed({ code: 3001, reason: 'why', wasClean: true, isFinished: false });
    expect(port.calls).toEqual([['close', 3001, 'why']]);
    expect(seen).toEqual([{ code: 3001, reason: 'why', wasClean: true }]);
    expect(server.readyState).toBe(3);
  });

  test('the server closes first: the reply ends it', () => {
    const [client, server] = new WebSocketPair();
    server.accept();
    const seen = recorded(server);
    const link = host.couple(client, fakePort());
    server.close(1000, 'a');
    link.closed({ code: 1000, reason: 'b', wasClean: true, isFinished: false });
    expect(seen).toEqual([{ code: 1000, reason: 'b', wasClean: true }]);
    expect(server.readyState).toBe(3);
  });

  test('S6.6.4 a vanished peer; sending afterwards is ignored', () => {
    const [client, server] = new WebSocketPair();
    server.accept();
    const seen = recorded(server);
    const port = fakePort();
    host.couple(client, port).closed({
      code: 1006,
      reason: '',
      wasClean: false,
      isFinished: false,
    });
    expect(seen).toEqual([
      {
        code: 1006,
        reason: 'WebSocket disconnected without sending Close frame.',
        wasClean: false,
      },
    ]);
    server.send('x');
    expect(port.calls).toEqual([]);
  });

  test('S6.2.5 misuse', () => {
    const [a, b] = new WebSocketPair();
    a.accept();
    expect(() => host.couple(a, fakePort())).toThrow(
      "Can't return WebSocket in a Response after calling accept().",
    );
    const [c, d] = new WebSocketPair();
    host.prepareHibernation(d, fakeSink(), now);
    expect(() => host.couple(d, fakePort())).toThrow(
      "Can't return WebSocket in a Response after calling acceptWebSocket().",
    );
    host.couple(c, fakePort());
    expect(() => host.couple(c, fakePort())).toThrow(
      "Can't return WebSocket that was already used in a response.",
    );
    expect(() => c.accept()).toThrow(
      "Can't accept() WebSocket that was already used in a response.",
    );
    expect(b.readyState).toBe(1);
  });
});

describe('transferWebSocket', () => {
  test('S6.2.4 the receiver goes on with the same connection', async () => {
    const [client, server] = new WebSocketPair();
    server.accept();
    server.send('1');
    const moved = host.transferWebSocket(client);
    server.send('2');
    const seen = recorded(moved);
    moved.accept();
    const back = recorded(server);
    moved.send('3');
    server.close(1000, 'bye');
    await nextClose(moved);
    expect(seen.slice(0, 2)).toEqual(['1', '2']);
    expect(back[0]).toBe('3');
  });

  test('through several hands to the network', () => {
    const [client, server] = new WebSocketPair();
    server.accept();
    const port = fakePort();
    const link = host.couple(host.transferWebSocket(host.transferWebSocket(client)), port);
    server.send('1');
    expect(port.calls).toEqual([['send', '1']]);
    expect(link.ws).toBe(server);
  });
});

describe('hibernation', () => {
  const TWICE =
    'Cannot call `acceptWebSocket()` if the WebSocket was already accepted via `accept()`';
  const PEER =
    'Cannot call `acceptWebSocket()` on this WebSocket because its pair has already been accepted or used in a Response.';

  test('S6.10.2, S6.3.2 errors', () => {
    const [a, b] = new WebSocketPair();
    host.prepareHibernation(b, fakeSink(), now);
    expect(() => host.checkHibernatable(b)).toThrow(new Error(TWICE));
    expect(() => b.accept()).toThrow(
      new TypeError("Can't accept() WebSocket after enabling hibernation."),
    );
    const [c, d] = new WebSocketPair();
    c.accept();
    expect(() => host.checkHibernatable(c)).toThrow(new Error(TWICE));
    expect(() => host.checkHibernatable(d)).toThrow(new Error(PEER));
    const [e, f] = new WebSocketPair();
    host.transferWebSocket(e);
    expect(() => host.checkHibernatable(f)).toThrow(new Error(PEER));
    expect(() => host.checkHibernatable(e)).toThrow(TypeError);
    expect(a.readyState).toBe(1);
  });

  test('S6.10.1, S6.10.5 events go to the sink, never to listeners; always ArrayBuffer', () => {
    const [client, server] = new WebSocketPair();
    const sink = fakeSink();
    const seen = recorded(server);
    host.prepareHibernation(server, sink, now);
    const port = fakePort();
    host.couple(client, port);
    host.portMessage(server, 'x');
    host.portMessage(server, new Uint8Array([7]));
    host.portPeerClose(server, 3001, 'why');
    expect(sink.calls[0]).toEqual(['message', 'x', 1, server]);
    expect(sink.calls[1][1]).toBeInstanceOf(ArrayBuffer);
    expect(sink.calls[2]).toEqual(['close', 3001, 'why', true, 2]);
    // S6.6.6: never answered automatically.
    expect(port.calls).toEqual([]);
    server.close(1000, 'ok');
    expect(port.calls).toEqual([['close', 1000, 'ok']]);
    expect([server.readyState, seen]).toEqual([3, []]);
  });

  test('S6.12.4 closed by the object first: CLOSED in the handler', () => {
    const [client, server] = new WebSocketPair();
    const sink = fakeSink();
    host.prepareHibernation(server, sink, now);
    host.couple(client, fakePort());
    server.close(1000, 'a');
    host.portClosed(server, 1000, 'b', true);
    expect(sink.calls).toEqual([['close', 1000, 'b', true, 3]]);
  });

  test('S6.12.3 a vanished peer and a transport error', () => {
    for (const [event, expected] of [
      [
        (ws) => host.portClosed(ws, 1006, '', false),
        ['close', 1006, 'WebSocket disconnected without sending Close frame.', false, 2],
      ],
      [(ws) => host.portError(ws, new Error('reset')), ['error', 'reset']],
    ]) {
      const [client, server] = new WebSocketPair();
      const sink = fakeSink();
      host.prepareHibernation(server, sink, now);
      host.couple(client, fakePort());
      event(server);
      expect(sink.calls).toEqual([expected]);
    }
  });

  test('a client in the same process talks to a hibernatable end, which may sleep between', async () => {
    const [client, server] = new WebSocketPair();
    const sink = fakeSink();
    const queue = [];
    host.prepareHibernation(server, sink, (fn) => queue.push(fn));
    const seen = recorded(client);
    client.accept();
    client.send('1');
    expect(sink.calls).toEqual([]);
    queue.shift()();
    server.expando = 1;
    server.serializeAttachment({ a: 1 });
    const kept = host.sleepWebSocket(server);
    client.send('2');
    queue.shift()();
    const woken = sink.calls.at(-1)[3];
    expect(woken).not.toBe(server);
    expect(host.wakeWebSocket(kept)).toBe(woken);
    expect(woken.deserializeAttachment()).toEqual({ a: 1 });
    expect(woken.expando).toBeUndefined();
    woken.send('hello');
    woken.close(1000, 'bye');
    await nextClose(client);
    expect(seen).toEqual(['hello', { code: 1000, reason: 'bye', wasClean: true }]);
  });

  test('S6.11.6 a new object knows what survived', () => {
    const port = fakePort();
    const sink = fakeSink();
    const [old] = new WebSocketPair();
    old.serializeAttachment('kept');
    const ws = host.webSocketFromHibernation({
      port,
      sink,
      readyState: 2,
      protocol: 'chat',
      attachmentBytes: host.socketState(old).attachment,
    });
    expect([ws.readyState, ws.protocol, ws.url, ws.deserializeAttachment()]).toEqual([
      2,
      'chat',
      null,
      'kept',
    ]);
    ws.serializeAttachment('x');
    expect(sink.calls).toEqual([['attachment', 5]]);
    ws.close(1000, 'ok');
    expect(port.calls).toEqual([['close', 1000, 'ok']]);
    expect(ws.readyState).toBe(3);
  });

  test('S6.15 killed: the peer sees 1006, this end nothing', async () => {
    const [client, server] = new WebSocketPair();
    const sink = fakeSink();
    host.prepareHibernation(server, sink, now);
    client.accept();
    host.killWebSocket(server);
    expect(await nextClose(client)).toMatchObject({ code: 1006, wasClean: false });
    expect([server.readyState, sink.calls]).toEqual([3, []]);
  });
});
