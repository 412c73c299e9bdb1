'use strict';
// newMessageId: the `Message-ID` that a message gets when it leaves, as on Workers: whatever its author wrote is replaced.

const { randomInt } = require('node:crypto');

const kAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const kLength = 36;
/** RFC 5321, 4.1.3: an address in brackets. */
const kLiteral = /@(\[(?:[\x21-\x5a\x5e-\x7e]|\\[\x20-\x7e])+\])$/u;
/** RFC 1123, 2.1 */
const kLabel = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/iu;
const kDomainCharactersMax = 254;

/** @param {string} sender @returns {string} with the domain of the sender, or `localhost` when it has none */
function newMessageId(sender) {
  const id = Array.from({ length: kLength }, () => kAlphabet[randomInt(kAlphabet.length)]).join('');
  return `<${id}@${kLiteral.exec(sender)?.[1] ?? domainOf(sender) ?? 'localhost'}>`;
}

/** @param {string} sender @returns {string | undefined} in ASCII */
function domainOf(sender) {
  const domain = /@([^@]*)$/u.exec(sender)?.[1] ?? '';
  if (domain === '' || /[\s/:?#[\]\\<>%]/u.test(domain) || !URL.canParse(`http://${domain}`))
    return undefined;
  const { hostname } = new URL(`http://${domain}`);
  const labels = hostname.replace(/\.$/, '').split('.');
  return hostname.length <= kDomainCharactersMax && labels.every((label) => kLabel.test(label))
    ? hostname
    : undefined;
}

/** @param {string} messageId @returns {string} without brackets */
const bareId = (messageId) => messageId.replace(/^<|>$/g, '');

module.exports = { bareId, newMessageId };
