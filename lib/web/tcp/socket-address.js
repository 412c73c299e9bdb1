// Addresses and options of connect(), checked as Workers does (S9.3).
'use strict';

const { parameterError } = require('../errors.js');

const HOST = /^[\w.[\]:-]{1,255}$/;

/** @typedef {{hostname: string, port: number, text: string}} TcpAddress `text`: how it was given */

/** @param {ArrayLike<any>} given the arguments of connect() @param {string} owner the interface @returns {TcpAddress} */
function checkAddress(given, owner) {
  if (given.length === 0) throw parameterError('connect', owner, 1, 'SocketAddress or string');
  const address = given[0];
  if (address === undefined || address === null)
    throw new TypeError(
      'Cannot initialize SocketAddress with required members from an undefined or null value.',
    );
  const parsed = typeof address === 'object' ? fromRecord(address) : fromText(`${address}`);
  if (!HOST.test(parsed.text)) {
    throw new TypeError(
      'Specified address is empty string, contains unsupported characters or is too long.',
    );
  }
  return parsed;
}

/** @param {any} record @returns {TcpAddress} */
function fromRecord(record) {
  const port = Number(record.port);
  if (!Number.isInteger(port))
    throw new TypeError('The value cannot be converted because it is not an integer.');
  if (port < 0 || port > 65_535) throw new TypeError('Specified address could not be parsed.');
  const hostname = `${record.hostname}`;
  return { hostname, port, text: `${hostname}:${port}` };
}

/** @param {string} text @returns {TcpAddress} */
function fromText(text) {
  if (!URL.canParse(`fake://${text}`))
    throw new TypeError('Specified address could not be parsed.');
  const { hostname, port } = new URL(`fake://${text}`);
  if (hostname === '') throw new TypeError('Specified address is missing hostname.');
  if (port === '') throw new TypeError('Specified address is missing port.');
  return { hostname: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port), text };
}

/** @typedef {{secureTransport: 'off' | 'on' | 'starttls', allowHalfOpen: boolean, highWaterMark: number | undefined}} TcpOptions */

/** @param {any} options @param {string} owner the interface @returns {TcpOptions} */
function checkOptions(options = {}, owner) {
  if (typeof options !== 'object' || options === null)
    throw parameterError('connect', owner, 2, 'SocketOptions');
  const secureTransport = options.secureTransport ?? 'off';
  if (!['off', 'on', 'starttls'].includes(secureTransport)) {
    throw new TypeError(
      `Unsupported value in secureTransport socket option: ${options.secureTransport}`,
    );
  }
  const { highWaterMark } = options;
  return {
    secureTransport,
    allowHalfOpen: Boolean(options.allowHalfOpen),
    highWaterMark: highWaterMark === undefined ? undefined : Number(highWaterMark),
  };
}

module.exports = { checkAddress, checkOptions };
