// What a failing disk does to files.
'use strict';

const fs = require('node:fs');

/**
 * Inverts `bytes` bytes from `offset` on.
 * @param {string} file
 * @param {number} offset
 * @param {number} [bytes]
 */
function flip(file, offset, bytes = 1) {
  const content = fs.readFileSync(file);
  for (let at = offset; at < offset + bytes; at += 1) content[at] ^= 0xff;
  fs.writeFileSync(file, content);
}

/**
 * Where a file ends that has space made in advance behind it.
 * @param {string} file
 * @returns {number}
 */
function endOfContent(file) {
  const content = fs.readFileSync(file);
  let end = content.length;
  while (end > 0 && content[end - 1] === 0) end -= 1;
  return end;
}

module.exports = { endOfContent, flip };
