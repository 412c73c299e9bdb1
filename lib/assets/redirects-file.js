'use strict';
// parseRedirects: a `_redirects` file (spec S8.7.1): from, to and a status on each line. Pure.

const { compileRule, fillIn, hasHost, ruleUrl } = require('./rules');

const kStaticMax = 2000;
const kDynamicMax = 100;
const kLineCharactersMax = 2000;
const kStatuses = [200, 301, 302, 303, 307, 308];
const kIndex = /\/index(.html)?$/;

/** @typedef {{to: string, status: number}} Redirect `to` may have a query */
/** @typedef {(url: URL) => Redirect | undefined} FindRedirect */

/**
 * @param {string} text
 * @param {import('./html-handling').HtmlHandling} htmlHandling
 * @returns {{find: FindRedirect, problems: string[]}} `problems`: lines that are ignored
 */
function parseRedirects(text, htmlHandling) {
  const rules = new Rules();
  /** @type {string[]} */
  const problems = [];
  for (const [index, full] of text.split('\n').entries()) {
    const line = full.trim();
    if (line === '' || line.startsWith('#')) continue;
    const problem =
      line.length > kLineCharactersMax
        ? `it exceeds the maximum allowed length of ${kLineCharactersMax}`
        : rules.add(line.replace(/\s+#.*$/, '').split(/\s+/), htmlHandling);
    if (problem !== undefined) problems.push(`line ${index + 1} is ignored: ${problem}`);
    if (rules.isFull) break;
  }
  return { find: rules.finder(), problems };
}

class Rules {
  /** Those of one path, before the first with a variable. @type {Map<string, Redirect>} */
  #fixed = new Map();
  /** @type {Map<string, Redirect>} */
  #dynamic = new Map();
  /** Paths of rules, also of those that are ignored for what they lead to. @type {Set<string>} */
  #seen = new Set();
  #counts = { fixed: 0, dynamic: 0 };
  isFull = false;

  /** @param {string[]} tokens @param {string} htmlHandling @returns {string | undefined} why it is ignored */
  add(tokens, htmlHandling) {
    if (tokens.length < 2 || tokens.length > 3)
      return `Expected exactly 2 or 3 whitespace-separated tokens. Got ${tokens.length}.`;
    const [source, target, status = '302'] = tokens;
    const from = ruleUrl(source, { onlyPath: true });
    if ('problem' in from) return from.problem;
    const isFixed = this.#counts.dynamic === 0 && !/\*|:[A-Za-z]/.test(from.url);
    const full = this.#count(isFixed);
    if (full !== undefined) return full;
    const to = ruleUrl(target, { withQuery: true });
    if ('problem' in to) return to.problem;
    const problem = problemOf(from.url, to.url, Number(status), status, htmlHandling);
    if (problem !== undefined) return problem;
    if (this.#seen.has(from.url)) return `Ignoring duplicate rule for path ${from.url}.`;
    this.#seen.add(from.url);
    if (Number(status) === 200 && hasHost(to.url))
      return `Proxy (200) redirects can only point to relative paths. Got ${to.url}`;
    const rules = isFixed ? this.#fixed : this.#dynamic;
    rules.set(from.url, { to: to.url, status: Number(status) });
    return undefined;
  }

  /** Lines count also when they are ignored for another reason. @param {boolean} isFixed */
  #count(isFixed) {
    if (isFixed) {
      this.#counts.fixed += 1;
      if (this.#counts.fixed > kStaticMax)
        return `Maximum number of static rules supported is ${kStaticMax}.`;
      return undefined;
    }
    this.#counts.dynamic += 1;
    this.isFull = this.#counts.dynamic > kDynamicMax;
    return this.isFull
      ? `and what follows: maximum number of dynamic rules supported is ${kDynamicMax}`
      : undefined;
  }

  /** @returns {FindRedirect} */
  finder() {
    const fixed = this.#fixed;
    const dynamic = [...this.#dynamic].flatMap(([pattern, rule]) => {
      const matches = compileRule(pattern);
      return matches === undefined ? [] : [{ matches, rule }];
    });
    return (url) => {
      const found = fixed.get(url.pathname);
      if (found !== undefined) return found;
      for (const { matches, rule } of dynamic) {
        const variables = matches(url);
        if (variables !== undefined) return { ...rule, to: targetOf(rule.to, variables) };
      }
      return undefined;
    };
  }
}

/**
 * What a variable brings in must not make another host of a path.
 * @param {string} pattern
 * @param {Record<string, string>} variables
 */
function targetOf(pattern, variables) {
  const target = fillIn(pattern, variables).trim();
  if (/^(\w+:\/\/|\/\/[^/\\\s?#])/.test(pattern)) return target;
  const [path] = /^[^?#]*/.exec(target) ?? [''];
  return path.replace(/[/\\]+/g, '/') + target.slice(path.length);
}

/** @param {string} from @param {string} to @param {number} status @param {string} given @param {string} htmlHandling */
function problemOf(from, to, status, given, htmlHandling) {
  if (!kStatuses.includes(status))
    return `Valid status codes are 200, 301, 302 (default), 303, 307, or 308. Got ${given}.`;
  const leadsToIndex = kIndex.test(to) && !hasHost(to);
  if (leadsToIndex && (from.endsWith('/*') || (from.endsWith('/') && htmlHandling !== 'none'))) {
    return (
      'Infinite loop detected in this rule and has been ignored. This will cause a redirect to strip `.html` or `/index` and end up ' +
      'triggering this rule again. Please fix or remove this rule to silence this warning.'
    );
  }
  return undefined;
}

module.exports = { parseRedirects };
