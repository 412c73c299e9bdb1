// Workers' globals on a global object of the process: everywhere, or only while the code of an object runs.
'use strict';

const { EventEmitter } = require('node:events');
const { GLOBAL_NAMES } = require('../../../lib/web/scope/global-names.js');
const { installGlobals, installInside } = require('../../../lib/web/scope/install-globals.js');
const web = require('../../../lib/web/internal.js');

const { setImmediate, clearImmediate } = globalThis;
const timers = {
  ...{ setTimeout, setInterval, setImmediate },
  ...{ clearTimeout, clearInterval, clearImmediate },
};
const more = { caches: {}, Cache: Object, CacheStorage: Object };
/** @param {Record<string, boolean>} [flags] */
const valuesOf = (flags = { global_navigator: true }) =>
  /** @type {any} */ (web.globalValues({ flags, timers, events: new EventTarget(), more }));

describe('the values', () => {
  test('S9.2 are those that the bundler binds', () => {
    const bySelf = ['global', 'self'];
    expect([...Object.keys(valuesOf()), ...bySelf].sort()).toEqual([...GLOBAL_NAMES].sort());
  });

  test('S0.3 follow the flags', () => {
    expect('navigator' in valuesOf({})).toBe(false);
    const { Cloudflare, navigator } = valuesOf({ global_navigator: true, rpc: true, nope: false });
    expect(Cloudflare.compatibilityFlags).toEqual({ global_navigator: true, rpc: true });
    expect([navigator.userAgent, navigator.language]).toEqual(['Cloudflare-Workers', undefined]);
    const { navigator: newer } = valuesOf({
      global_navigator: true,
      enable_navigator_language: true,
    });
    expect(newer.language).toBe('en');
  });

  test('S9.2 Node instances pass for instances, whichever class is asked', () => {
    const { Response: Ours, Headers: OurHeaders } = valuesOf();
    expect(new Response('x')).toBeInstanceOf(Ours);
    const headers = new OurHeaders(new Response('x').headers);
    expect(headers.get('content-type')).toMatch(/^text\/plain/);
  });

  test('S9.2 scheduler.wait', async () => {
    const { scheduler } = valuesOf();
    await scheduler.wait(1);
    await expect(scheduler.wait()).rejects.toThrow(
      "Failed to execute 'wait' on 'Scheduler': parameter 1 is not of type 'number'.",
    );
    const reason = new Error('stop');
    const aborted = { signal: AbortSignal.abort(reason) };
    await expect(scheduler.wait(60_000, aborted)).rejects.toBe(reason);
    const controller = new AbortController();
    const waiting = scheduler.wait(60_000, { signal: controller.signal });
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });

  test('S9.2 events', () => {
    const { CloseEvent, ErrorEvent, MessageEvent } = valuesOf();
    const close = new CloseEvent('close', { code: 1000, reason: 'r', wasClean: true });
    expect([close.code, close.reason, close.wasClean, close.type]).toEqual([
      1000,
      'r',
      true,
      'close',
    ]);
    const error = new ErrorEvent('error', { message: 'm', error: 5 });
    expect([error.message, error.error, new ErrorEvent('x').message]).toEqual(['m', 5, '']);
    expect(new MessageEvent('message', { data: 'd' }).data).toBe('d');
  });
});

describe('everywhere, for who asks', () => {
  test('they are in place, not enumerable, and can be taken away', () => {
    const target = /** @type {any} */ ({ Response: 'of Node', URL });
    const uninstall = installGlobals(valuesOf(), target);
    expect(target.Response).toBe(web.Response);
    expect(target.WebSocket).toBe(web.WebSocket);
    expect(Object.keys(target)).toEqual(['URL']);
    expect(target.self).toBe(target);
    uninstall();
    expect(target).toEqual({ Response: 'of Node', URL });
  });
});

describe('inside objects', () => {
  const makeTarget = () => {
    const target = /** @type {any} */ ({ Response: 'of Node', setTimeout: 'of Node' });
    let isInside = false;
    const inside = (/** @type {() => any} */ run) => {
      isInside = true;
      try {
        return run();
      } finally {
        isInside = false;
      }
    };
    return { target, inside, isInside: () => isInside };
  };
  const values = { Response: 'ours', setTimeout: 'ours', WebSocketPair: 'pair' };

  test('an object finds them, all else what it found before', () => {
    const { target, inside, isInside } = makeTarget();
    const uninstall = installInside(values, isInside, target);
    const seen = () => [target.Response, target.WebSocketPair];
    expect(seen()).toEqual(['of Node', undefined]);
    expect(inside(seen)).toEqual(['ours', 'pair']);
    uninstall();
    expect(inside(seen)).toEqual(['of Node', undefined]);
    expect('WebSocketPair' in target).toBe(false);
  });

  test('what the program assigns is what everybody sees, until it puts back what was there', () => {
    const { target, inside, isInside } = makeTarget();
    installInside(values, isInside, target);
    const before = target.setTimeout;
    target.setTimeout = 'fake';
    expect([target.setTimeout, inside(() => target.setTimeout)]).toEqual(['fake', 'fake']);
    target.setTimeout = before;
    expect([target.setTimeout, inside(() => target.setTimeout)]).toEqual(['of Node', 'ours']);
  });

  test('what the program defines itself stays when they are taken away', () => {
    const { target, isInside } = makeTarget();
    const uninstall = installInside(values, isInside, target);
    Object.defineProperty(target, 'Response', { value: 'of Hono', configurable: true });
    uninstall();
    expect([target.Response, target.setTimeout]).toEqual(['of Hono', 'of Node']);
  });

  test('a getter of before is asked once it matters, and stays hidden behind', () => {
    const { target, inside, isInside } = makeTarget();
    const asked = new EventEmitter();
    let count = 0;
    asked.on('asked', () => (count += 1));
    Object.defineProperty(target, 'Headers', {
      configurable: true,
      get() {
        asked.emit('asked');
        Object.defineProperty(target, 'Headers', { value: 'lazy', configurable: true });
        return 'lazy';
      },
    });
    installInside({ Headers: 'ours' }, isInside, target);
    expect(count).toBe(0);
    expect([inside(() => target.Headers), target.Headers, target.Headers]).toEqual([
      'ours',
      'lazy',
      'lazy',
    ]);
    expect(inside(() => target.Headers)).toBe('ours');
    expect(count).toBe(1);
  });
});
