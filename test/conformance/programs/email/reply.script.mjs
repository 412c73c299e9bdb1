import { mailConfig, message, post, usual } from '../../harness/mail.mjs';

export const config = mailConfig();

const reply = (title, which, more = {}) => ({
  name: `S9.1.1 reply(): ${title}`,
  steps: async (t) => {
    await post(t, { raw: message({ ...usual, 'X-Reply': which, ...more }) });
    await t.fetch('/');
  },
});
const many = (count) =>
  Array.from({ length: count }, (_, index) => `<${index}@a.test>`).join('\r\n ');

export const cases = [
  reply('a message', 'usual'),
  reply('a message as a stream', 'stream'),
  reply('a message whose envelope names another recipient', 'to another'),
  reply('a message with a name', 'named'),
  reply('twice', 'usual, usual'),
  reply('a message without an id, or with an empty one', 'without id, with an empty id'),
  reply('of another sender', 'of another sender'),
  reply('to no message, or another one', 'to nothing, to another message'),
  reply('a message that was received', 'received'),
  reply('what is no message', 'headless'),
  reply('references of its own', 'with references', {
    'In-Reply-To': '<zero@a.test>',
    References: '<zero@a.test>',
  }),
  reply('references that lack the original', 'with other references'),
  reply('references go on', 'usual, fields', {
    'In-Reply-To': '<zero@a.test>',
    References: '<minus@a.test> <zero@a.test>',
  }),
  reply('to a message with an In-Reply-To alone', 'usual', { 'In-Reply-To': '<zero@a.test>' }),
  reply('to a message with References alone', 'usual', { References: '<zero@a.test>' }),
  reply('to 99 references', 'usual', { 'In-Reply-To': '<zero@a.test>', References: many(99) }),
  reply('to 100 references', 'usual', { 'In-Reply-To': '<zero@a.test>', References: many(100) }),
  ...['auto-replied', 'no', 'No'].map((value) =>
    reply(`Auto-Submitted: ${value}`, 'usual', { 'Auto-Submitted': value }),
  ),
  ...['All', 'none', 'DR, OOF'].map((value) =>
    reply(`X-Auto-Response-Suppress: ${value}`, 'usual', { 'X-Auto-Response-Suppress': value }),
  ),
  reply('fields', 'fields'),
  reply('fields: content', 'fields: html, fields: text and html, fields: neither'),
  reply('fields: names', 'fields: names, fields: a name in the text'),
  reply('fields: headers', 'fields: headers'),
  reply('fields: above ASCII', 'fields: above ASCII'),
  reply('fields: attachments', 'fields: attachments'),
  reply(
    'fields that would make headers',
    'fields: a line in the subject, fields: a line in the sender, fields: a line in a header, fields: a wrong name of a header, fields: received, fields: a line in a file name',
  ),
  reply(
    'fields: attachments that are none',
    'fields: a wrong type, fields: a wrong disposition, fields: inline without id, fields: no base64',
  ),
];
