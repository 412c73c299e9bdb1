'use strict';
// Header fields of raw messages, byte by byte.

const { withFields, withMessageId, withoutField } = require('../../../lib/mail/header-fields');

const bytes = (/** @type {string} */ text) => new Uint8Array(Buffer.from(text, 'latin1'));
const text = (/** @type {Uint8Array} */ raw) => Buffer.from(raw).toString('latin1');

test.each([
  ['none', 'A: 1\r\n\r\nbcc: x\r\n', 'A: 1\r\n\r\nbcc: x\r\n'],
  ['one', 'A: 1\r\nBCC: x\r\nB: 2\r\n\r\nbody', 'A: 1\r\nB: 2\r\n\r\nbody'],
  ['folded', 'A: 1\nbcc: x,\n y,\n\tz\nB: 2\n y\n\nbody', 'A: 1\nB: 2\n y\n\nbody'],
  ['several', 'bcc: x\r\nA: 1\r\nBcc: y\r\n\r\n', 'A: 1\r\n\r\n'],
  ['another that begins so', 'bcc-x: 1\r\n\r\n', 'bcc-x: 1\r\n\r\n'],
  ['the last, and no body', 'A: 1\r\nbcc: x', 'A: 1\r\n'],
  ['nothing', '', ''],
  ['bytes that are no text', 'A: \xff\r\nbcc: \x80\r\n\r\n\xfe', 'A: \xff\r\n\r\n\xfe'],
])('a field is taken out: %s', (_, raw, expected) => {
  expect(text(withoutField(bytes(raw), 'bcc'))).toBe(expected);
});

test.each([
  ['none', 'A: 1\r\n\r\nbody', 'Message-ID: <n>\r\nA: 1\r\n\r\nbody'],
  ['none, LF', 'A: 1\n\nbody', 'Message-ID: <n>\nA: 1\n\nbody'],
  ['one', 'A: 1\r\nmessage-id: <o>\r\nB: 2\r\n\r\n', 'A: 1\r\nMessage-ID: <n>\r\nB: 2\r\n\r\n'],
  ['folded', 'Message-ID:\r\n <o>\r\nB: 2\r\n\r\n', 'Message-ID: <n>\r\nB: 2\r\n\r\n'],
  ['two', 'Message-Id : <o>\r\nA: 1\r\nMESSAGE-ID: <p>\r\n\r\n', 'Message-ID: <n>\r\nA: 1\r\n\r\n'],
  ['no field at all', '\r\nbody', 'Message-ID: <n>\r\n\r\nbody'],
])('the Message-ID is put in: %s', (_, raw, expected) => {
  expect(text(withMessageId(bytes(raw), '<n>'))).toBe(expected);
});

test.each([
  ['A: 1\r\n', 'could not find end of email headers'],
  ['', 'could not find end of email headers'],
  [' A: 1\r\n\r\n', 'email header block contains an invalid continuation'],
  ['A\r\n\r\n', 'email header block contains an invalid field'],
  [' \r\n', 'could not find end'],
  [': 1\r\n\r\n', 'email header block contains an invalid field name'],
])('%j is no header: %s', (raw, message) => {
  expect(() => withMessageId(bytes(raw), '<n>')).toThrow(message);
});

test('fields come before those that are there', () => {
  expect(text(withFields(bytes('A: 1\n\n'), [['X', 'y']]))).toBe('X: y\r\nA: 1\n\n');
});
