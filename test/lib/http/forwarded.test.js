// What proxies say, when they are trusted.
'use strict';

const { applyForwarded } = require('../../../lib/http/forwarded');

/** @param {Record<string, string>} fields */
const wire = (fields) =>
  Object.entries(fields)
    .map(([name, value]) => `${name}\0${value}\0`)
    .join('');

/** @param {number} hops @param {Record<string, string>} fields @param {string} [address] */
const apply = (hops, fields, address = '10.0.0.1') =>
  applyForwarded(hops, address, { secure: false, host: 'inner', headersText: wire(fields) });

test.each([
  [1, '203.0.113.7', '203.0.113.7'],
  [1, '6.6.6.6, 203.0.113.7', '203.0.113.7'],
  [2, '6.6.6.6, 203.0.113.7, 10.0.0.2', '203.0.113.7'],
  [2, '203.0.113.7', '203.0.113.7'],
])('with %d proxies, %s is the client %s', (hops, list, client) => {
  expect(apply(hops, { 'x-forwarded-for': list }).headersText).toContain(
    `cf-connecting-ip\0${client}\0`,
  );
});

test('a client cannot name its own address', () => {
  const { headersText } = apply(1, { 'cf-connecting-ip': '6.6.6.6', 'x-a': '1' });
  expect(headersText).toBe('x-a\x001\0cf-connecting-ip\x0010.0.0.1\0');
  expect(apply(1, { 'cf-connecting-ip': '6.6.6.6' }, '').headersText).toBe('');
});

test('scheme and host', () => {
  const fields = { 'x-forwarded-proto': 'HTTPS', 'x-forwarded-host': 'outer.example:8443' };
  expect(apply(1, fields)).toMatchObject({ secure: true, host: 'outer.example:8443' });
  expect(apply(1, {})).toMatchObject({ secure: false, host: 'inner' });
  expect(apply(1, { 'x-forwarded-host': 'a/b' }).host).toBe('inner');
  expect(apply(1, { 'x-forwarded-proto': 'ftp' }).secure).toBe(false);
  expect(apply(1, { 'x-forwarded-host': 'evil, outer' }).host).toBe('outer');
});
