// A Worker's `globalThis`: cells of its own in front of the process's globals.
'use strict';

const { GLOBAL_NAMES } = require('../../../lib/web/scope/global-names.js');
const { GlobalScope } = require('../../../lib/web/scope/global-scope.js');

/** @returns {any} a scope in front of a process with a few globals */
function make(values = { fetch: 'ours', Response: 'theirs' }) {
  const real = /** @type {any} */ ({ fetch: 'of Node', URL: 'url', process: 'p' });
  Object.defineProperty(real, 'fixed', { value: 1 });
  const scope = new GlobalScope(values, real, Map.prototype);
  return { scope, real, global: /** @type {any} */ (scope.globalThis) };
}

test('its own come first, the rest is the process', () => {
  const { global, scope } = make();
  expect([global.fetch, global.Response, global.URL]).toEqual(['ours', 'theirs', 'url']);
  expect([global.self, global.global]).toEqual([global, global]);
  expect(scope.values).toMatchObject({ fetch: 'ours', self: global });
  expect(['fetch' in global, 'caches' in global, 'URL' in global]).toEqual([true, false, true]);
  expect(Object.getOwnPropertyNames(global).sort()).toEqual(
    ['Response', 'URL', 'fetch', 'fixed', 'global', 'globalThis', 'process', 'self'].sort(),
  );
  expect(global).toBeInstanceOf(Map);
});

test('what is assigned reaches the variables of every bundle, and not the process', () => {
  const { global, real, scope } = make();
  const bundles = [{ fetch: 'ours' }, { fetch: 'ours' }];
  for (const cells of bundles) scope.link(cells);
  global.fetch = 'patched';
  expect(bundles).toEqual([{ fetch: 'patched' }, { fetch: 'patched' }]);
  bundles[0].fetch = 'by a variable';
  expect(global.fetch).toBe('by a variable');
  Object.defineProperty(global, 'fetch', { value: 'defined', configurable: true, writable: true });
  expect([bundles[1].fetch, global.fetch, real.fetch]).toEqual(['defined', 'defined', 'of Node']);
  expect(Object.getOwnPropertyDescriptor(global, 'fetch')?.value).toBe('defined');
});

test('a name of the process stays with the Worker; a new one becomes a global', () => {
  const { global, real } = make();
  global.URL = 'mine';
  global.fresh = 1;
  expect([global.URL, real.URL, global.fresh, real.fresh]).toEqual(['mine', 'url', 1, 1]);
  delete global.URL;
  delete global.fresh;
  expect([global.URL, 'fresh' in real]).toEqual(['url', false]);
});

test('what is deleted is gone, also for the bundles', () => {
  const { global, real, scope } = make();
  const cells = { fetch: 'ours' };
  scope.link(cells);
  expect(delete global.fetch).toBe(true);
  expect(['fetch' in global, global.fetch, cells.fetch]).toEqual([false, undefined, undefined]);
  expect(real.fetch).toBe('of Node');
});

test('properties that cannot be changed are kept as they are', () => {
  const { global, real } = make();
  Object.defineProperty(global, 'once', { value: 1 });
  expect([global.once, real.once]).toEqual([1, 1]);
  expect(Reflect.set(global, 'once', 2)).toBe(false);
  Object.defineProperty(global, 'fetch', { get: () => 'computed' });
  expect([global.fetch, real.fetch]).toEqual(['computed', 'of Node']);
  expect(Object.getOwnPropertyDescriptor(global, 'fixed')).toMatchObject({ value: 1 });
});

test('the names are sorted and each is there once', () => {
  expect([...new Set(GLOBAL_NAMES)].sort()).toEqual(GLOBAL_NAMES);
});
