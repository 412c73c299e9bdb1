// tiedConnection: the connection of a fetch is cut when the code that asked does not go on (S2.7.4, S9.1.2), whoever reads its body.
'use strict';

const { settings } = require('../settings.js');

/** What cuts the connection of a body, for as long as somebody has that. @type {WeakMap<object, AbortController>} */
const ofBodies = new WeakMap();

/** @type {FinalizationRegistry<() => void>} */
const forgotten = new FinalizationRegistry((untie) => untie());

/**
 * @param {AbortSignal | null} signal which the fetch follows, too
 * @returns {{signal: AbortSignal, untie(): void, lastsAs(body: object | null): void} | undefined} undefined: that code has no end
 */
function tiedConnection(signal) {
  const cut = new AbortController();
  // Node's fetch leads from its signal to the body: who has the one must not keep the other.
  const reference = new WeakRef(cut);
  const untie = settings.tie((error) => reference.deref()?.abort(error));
  if (untie === undefined) return undefined;
  return {
    signal: signal === null ? cut.signal : AbortSignal.any([signal, cut.signal]),
    untie,
    lastsAs(body) {
      if (body === null) untie();
      else {
        ofBodies.set(body, cut);
        forgotten.register(body, untie);
      }
    },
  };
}

module.exports = { tiedConnection };
