'use strict';

/**
 * The first key behind those that begin with `prefix`; null: there is none.
 * @param {Uint8Array} prefix
 * @returns {Uint8Array | null}
 */
function prefixEnd(prefix) {
  const length = prefix.findLastIndex((byte) => byte !== 0xff) + 1;
  if (length === 0) return null;
  const end = new Uint8Array(prefix.subarray(0, length)); // slice() of a Buffer would be a view
  end[length - 1] += 1;
  return end;
}

module.exports = { prefixEnd };
