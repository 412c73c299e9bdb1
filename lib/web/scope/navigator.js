// Navigator: the global `navigator` of Workers (S9.2), by which libraries tell where they run.
'use strict';

const { defineInterface } = require('../interface.js');
const { parameterError } = require('../errors.js');

const kMake = Symbol('make');

class Navigator {
  #send;

  /** @param {symbol} key @param {typeof import('../fetch/fetch.js').fetch} send */
  constructor(key, send) {
    if (key !== kMake) throw new TypeError('Illegal constructor');
    this.#send = send;
  }

  /** @param {any} url @param {any} [body] @returns {boolean} whether it was sent; what comes of it is not told */
  sendBeacon(url, body) {
    if (arguments.length === 0) throw parameterError('sendBeacon', 'Navigator', 1, 'string');
    if (!/^https?:$/.test(new URL(`${url}`).protocol)) return false;
    this.#send(`${url}`, { method: 'POST', body }).catch(() => {});
    return true;
  }
}

defineInterface(Navigator);

/**
 * @param {Record<string, boolean>} flags
 * @param {typeof import('../fetch/fetch.js').fetch} send
 * @returns {Navigator}
 */
function makeNavigator(flags, send) {
  const navigator = new Navigator(kMake, send);
  const language = flags.enable_navigator_language ? { languages: ['en'], language: 'en' } : {};
  const values = { ...language, platform: '', hardwareConcurrency: 1 };
  for (const [name, value] of Object.entries({ ...values, userAgent: 'Cloudflare-Workers' }))
    Object.defineProperty(navigator, name, { value, enumerable: true });
  return navigator;
}

module.exports = { Navigator, makeNavigator };
