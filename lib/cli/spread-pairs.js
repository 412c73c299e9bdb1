// spreadPairs: options whose values are pairs take several, as in wrangler: `--var A:1 B:2` is `--var A:1 --var B:2`.
'use strict';

const { serveOptions } = require('./option-table');

const OPTIONS = new Set(
  serveOptions.filter(({ isPair }) => isPair).map(({ flags }) => flags.split(' ')[0]),
);
/** What no project is called: a drive, a path or a URL has a slash before or right behind its colon. */
const PAIR = /^[^-./\\:=][^/\\:=]*[:=](?![/\\]{2})/;
/** An alias may begin with a scope: `@scope/name:./file`. */
const ALIAS = /^[@\w][\w@./-]*:/;

/**
 * What follows a pair and looks like one belongs to the same option; so the project may stand behind it.
 * @param {readonly string[]} args
 * @returns {string[]}
 */
function spreadPairs(args) {
  /** @type {string | undefined} */
  let option;
  return args.flatMap((arg, index) => {
    const before = args[index - 1];
    if (OPTIONS.has(before)) {
      option = before;
      return [arg];
    }
    const pattern = option === '--alias' ? ALIAS : PAIR;
    if (option !== undefined && pattern.test(arg)) return [option, arg];
    option = undefined;
    return [arg];
  });
}

module.exports = { spreadPairs };
