// globToRegExp: the globs of `rules`: `**`, `*`, `?`, `[...]` and `{a,b}`.
'use strict';

/**
 * @param {string} glob
 * @returns {RegExp} matches whole paths with `/` between the parts
 */
function globToRegExp(glob) {
  let source = '';
  let depth = 0;
  for (let at = 0; at < glob.length; at++) {
    const char = glob[at];
    if (glob.startsWith('**/', at)) {
      source += '(?:.*/)?';
      at += 2;
    } else if (glob.startsWith('**', at)) {
      source += '.*';
      at += 1;
    } else if (char === '*') source += '[^/]*';
    // A question mark also stands for itself: `**/*.wasm?module` is a name that bundlers use.
    else if (char === '?') source += '[^/]';
    else if (char === '[' && glob.includes(']', at)) {
      const end = glob.indexOf(']', at);
      source += glob.slice(at, end + 1).replace('[!', '[^');
      at = end;
    } else if (char === '{' && glob.includes('}', at)) {
      depth++;
      source += '(?:';
    } else if (char === '}' && depth > 0) {
      depth--;
      source += ')';
    } else if (char === ',' && depth > 0) source += '|';
    else source += char.replace(/[\\^$.|+()[\]{}]/g, '\\$&');
  }
  return new RegExp(`^${source}$`);
}

module.exports = { globToRegExp };
