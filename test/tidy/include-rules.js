'use strict';

const { includesOf } = require('./source-files');

/** Which rooms a room may include besides itself. */
const below = {
  base: [],
  sys: ['base'],
  core: ['base'],
  storage: ['sys', 'base'],
  net: ['sys', 'base'],
  host: ['core', 'storage', 'net', 'sys', 'base'],
  node: ['host', 'core', 'storage', 'net', 'sys', 'base'],
};

/**
 * Headers of third parties that only some files may include.
 * @type {{header: RegExp, allowed: (file: string) => boolean, rule: string}[]}
 */
const guarded = [
  {
    header: /(^|\/)napi(-inl)?\.h$/,
    allowed: (file) => file === 'native/node/napi_setup.h',
    rule: 'only native/node/napi_setup.h includes <napi.h>; include that',
  },
  {
    header: /^(js_)?(node|native)_api(_types)?\.h$|^uv\.h$|^uv\//,
    allowed: (file) => file.startsWith('native/node/'),
    rule: 'only the room node knows Node and libuv',
  },
  {
    header: /^boost\/crc\.hpp$/,
    allowed: (file) => /^native\/storage\/.*\.cc$/.test(file),
    rule: '<boost/crc.hpp> is included only by .cc files of storage',
  },
  {
    header: /^boost\//,
    allowed: (file) => /^native\/(net|host)\/(.*\.cc|detail\/.*\.h|.*_internal\.h)$/.test(file),
    rule: 'Boost is included only by .cc files (and detail/*.h) of net and host; storage has crc.hpp',
  },
  {
    header: /(^|\/)sqlite3(ext)?\.h$/,
    allowed: (file) => file.startsWith('native/storage/'),
    rule: 'only the room storage knows SQLite',
  },
];

/**
 * @param {string} file relative to the root, under native/
 * @param {string} source what it contains
 * @returns {string[]} one line per include that is not allowed
 */
function checkIncludes(file, source) {
  const room = file.split('/')[1];
  const quoted = new Set([...source.matchAll(/#\s*include\s+"([^"]+)"/g)].map((match) => match[1]));
  return includesOf(source).flatMap(({ path, line }) => {
    const rule = brokenRule(file, room, path, quoted.has(path));
    return rule ? [`${file}:${line}: ${path}: ${rule}`] : [];
  });
}

/** @returns {string | undefined} */
function brokenRule(file, room, header, isQuoted) {
  const guard = guarded.find((each) => each.header.test(header));
  if (guard) return guard.allowed(file) ? undefined : guard.rule;
  const target = header.split('/')[0];
  if (!Object.hasOwn(below, target) || !header.includes('/'))
    return isQuoted ? 'name our headers by room, as in "base/ids.h"' : undefined;
  if (target === room) return undefined;
  if (!below[room].includes(target)) return `${room} may not include ${target}`;
  return /\/detail\/|_internal\.h$/.test(header) ? `is private to ${target}` : undefined;
}

module.exports = { checkIncludes };
