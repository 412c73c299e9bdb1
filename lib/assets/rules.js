'use strict';
// compileRule: the patterns of `_headers`, `_redirects` and `run_worker_first` (spec S8.7.1). Pure.

const kVariable = /\*|:[A-Za-z]\w*/g;

/** @param {string} text */
const literally = (text) => text.replace(/[-/\\^$*+?.()|[\]{}]/g, '\\$&');

/**
 * `*` is any text, called `splat`; `:name` is a segment of a path, or of a host that begins with `https://`.
 * @param {string} pattern
 * @returns {((url: URL) => Record<string, string> | undefined) | undefined} the variables of a URL that matches; undefined: the pattern
 *   says nothing, as it has a name twice
 */
function compileRule(pattern) {
  const namesHost = pattern.startsWith('https://');
  const pathStart = namesHost ? pattern.indexOf('/', 'https://'.length) : 0;
  let source = '';
  let at = 0;
  for (const { 0: variable, index } of pattern.matchAll(kVariable)) {
    source += literally(pattern.slice(at, index));
    at = index + variable.length;
    const isInHost = namesHost && (pathStart === -1 || index < pathStart);
    if (variable === '*') source += '(?<splat>.*)';
    else source += `(?<${variable.slice(1)}>${isInHost ? '[^/.]+' : '[^/]+'})`;
  }
  /** @type {RegExp} */
  let expression;
  try {
    expression = new RegExp(`^${source}${literally(pattern.slice(at))}$`);
  } catch {
    return undefined;
  }
  return ({ hostname, pathname }) => {
    const match = expression.exec(namesHost ? `https://${hostname}${pathname}` : pathname);
    return match === null ? undefined : (match.groups ?? {});
  };
}

/** @param {string} text @param {Record<string, string>} variables */
function fillIn(text, variables) {
  return Object.entries(variables).reduce(
    (filled, [name, value]) => filled.replaceAll(`:${name}`, value),
    text,
  );
}

/** Only `*` is special. @param {string[]} patterns @returns {(pathname: string) => boolean} */
function pathMatcher(patterns) {
  const expressions = patterns.map(
    (pattern) => new RegExp(`^${pattern.split('*').map(literally).join('.*')}$`),
  );
  return (pathname) => expressions.some((expression) => expression.test(pathname));
}

const kAbsolute = /^https:\/\/+(?<host>[^/]+)\/?(?<path>.*)/;

/**
 * A URL of a rule: a path, or one with `https://`.
 * @param {string} text
 * @param {{onlyPath?: boolean, noPort?: boolean, withQuery?: boolean}} options
 * @returns {{url: string} | {problem: string}}
 */
function ruleUrl(text, { onlyPath = false, noPort = false, withQuery = false }) {
  const { host, path = '' } = kAbsolute.exec(text)?.groups ?? {};
  if (host !== undefined) {
    if (onlyPath)
      return { problem: `Only relative URLs are allowed. Skipping absolute URL ${text}.` };
    if (noPort && /:\d+$/.test(host))
      return { problem: `Specifying ports is not supported. Skipping absolute URL ${text}.` };
    return { url: `https://${host}${pathOf(path, withQuery)}` };
  }
  if (onlyPath || text.startsWith('/')) {
    try {
      return { url: pathOf(text, withQuery) };
    } catch {
      return { problem: `Error parsing URL segment ${text}. Skipping.` };
    }
  }
  return {
    problem:
      'URLs should either be relative (e.g. begin with a forward-slash), or use HTTPS (e.g. begin with "https://").',
  };
}

/** @param {string} text @param {boolean} withQuery with search and fragment, too */
function pathOf(text, withQuery) {
  const { pathname, search, hash } = new URL(
    `relative://${text.startsWith('/') ? '' : '/'}${text}`,
  );
  return withQuery ? pathname + search + hash : pathname;
}

/** @param {string} url of ruleUrl() */
const hasHost = (url) => url.startsWith('https://');

module.exports = { compileRule, fillIn, hasHost, pathMatcher, ruleUrl };
