'use strict';
// listObjects: a page of a bucket's objects. Keys that have the delimiter behind the prefix are one entry, up to the delimiter.

const { prefixEnd } = require('../prefix-end');

/**
 * @typedef {object} ListRequest
 * @property {string} [prefix]
 * @property {string} [delimiter]
 * @property {string} [startAfter]
 * @property {string} [cursor] of the page before
 * @property {number} limit entries
 * @property {string[]} include
 */

/**
 * @param {any} sql
 * @param {ListRequest} request
 * @returns {{rows: any[], delimitedPrefixes: string[], cursor?: string}} `cursor`: there is more
 */
function listObjects(sql, { prefix = '', delimiter = '', startAfter, cursor, limit }) {
  const start = Buffer.from(prefix);
  const end = prefixEnd(start);
  const separator = Buffer.from(delimiter);
  const rows = [];
  const delimitedPrefixes = [];
  let last;
  let from = firstKey(start, startAfter, cursor);
  for (let count = 0; from !== null;) {
    // Without a delimiter one query has the page; with one, each entry says where the next can be.
    const wanted = separator.length === 0 ? limit - count + 1 : 1;
    const page = select(sql, from, end, wanted);
    for (const row of page) {
      if (count === limit)
        return {
          rows,
          delimitedPrefixes,
          cursor: Buffer.from(/** @type {any} */ (last)).toString('base64'),
        };
      count += 1;
      const key = Buffer.from(row.key);
      const at = separator.length === 0 ? -1 : key.indexOf(separator, start.length);
      if (at === -1) {
        rows.push(row);
        last = key;
        from = behind(key);
        continue;
      }
      const group = key.subarray(0, at + separator.length);
      delimitedPrefixes.push(group.toString());
      from = prefixEnd(group);
      last = lastKey(sql, group, from);
    }
    if (page.length < wanted) break;
  }
  return { rows, delimitedPrefixes };
}

/** @param {Buffer} prefix @param {string | undefined} startAfter @param {string | undefined} cursor @returns {Uint8Array | null} the first that may be meant */
function firstKey(prefix, startAfter, cursor) {
  const after = [
    ...(startAfter === undefined ? [] : [behind(Buffer.from(startAfter))]),
    ...(cursor === undefined ? [] : [behind(keyIn(cursor))]),
  ];
  return [prefix, ...after].sort(Buffer.compare).pop() ?? prefix;
}

/** Text that is none of ours means something, too. @param {string} cursor */
const keyIn = (cursor) => Buffer.from(Buffer.from(cursor, 'base64').toString());

/** @param {Buffer} key the next one possible */
const behind = (key) => Buffer.concat([key, Buffer.from([0])]);

/** @param {any} sql @param {Uint8Array} from @param {Uint8Array | null} end @param {number} limit */
function select(sql, from, end, limit) {
  if (end === null)
    return sql
      .exec('SELECT * FROM objects WHERE key >= ? ORDER BY key LIMIT ?', from, limit)
      .toArray();
  const query = 'SELECT * FROM objects WHERE key >= ? AND key < ? ORDER BY key LIMIT ?';
  return sql.exec(query, from, end, limit).toArray();
}

/** @param {any} sql @param {Uint8Array} from @param {Uint8Array | null} end @returns {ArrayBuffer} */
function lastKey(sql, from, end) {
  const query = `SELECT key FROM objects WHERE key >= ? ${end === null ? '' : 'AND key < ?'} ORDER BY key DESC LIMIT 1`;
  return sql.exec(query, from, ...(end === null ? [] : [end])).one().key;
}

module.exports = { listObjects };
