'use strict';
// Addresses of mail as Workers write them: `a@example.com`, `Ann <a@example.com>`, or `{ name, email }`.

/** @typedef {string | {name: string, email: string}} Address */

/** @param {Address | Address[] | undefined} given @returns {Address[]} */
const listOf = (given) => (given === undefined ? [] : [given].flat());

/** @param {Address} address @returns {string} without a name */
function bareAddress(address) {
  if (typeof address !== 'string') return String(address.email);
  return (/<([^>]+)>\s*$/u.exec(address)?.[1] ?? address).trim();
}

/** @param {Address} address @returns {string} as in a header field */
function shownAddress(address) {
  if (typeof address === 'string') return address;
  return `"${String(address.name).replace(/["\\]/gu, '\\$&')}" <${address.email}>`;
}

/** @param {unknown} text @returns {boolean} whether it looks like `smtp://user:password@host:587` */
const isSmtpAddress = (text) => typeof text === 'string' && /^smtps?:\/\/[^/]/.test(text);

module.exports = { bareAddress, isSmtpAddress, listOf, shownAddress };
