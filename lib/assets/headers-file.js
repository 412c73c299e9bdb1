'use strict';
// parseHeaders: a `_headers` file (spec S8.7.1): paths, and below each the headers it sets or takes away. Pure.

const { compileRule, fillIn, ruleUrl } = require('./rules');

const kRulesMax = 100;
const kLineCharactersMax = 2000;

/** @typedef {{set: Map<string, string>, unset: string[]}} HeaderRule */
/** @typedef {(url: URL, headers: Headers) => void} ApplyHeaders changes the headers of a response to what the file says */

/**
 * @param {string} text
 * @returns {{apply: ApplyHeaders, problems: string[]}} `problems`: lines that are ignored
 */
function parseHeaders(text) {
  /** @type {Map<string, HeaderRule>} by pattern */
  const rules = new Map();
  /** @type {string[]} */
  const problems = [];
  const reader = new Reader(rules, problems);
  for (const [index, line] of text.split('\n').entries()) {
    if (!reader.read(line.trim(), index + 1)) break;
  }
  reader.end();
  return { apply: applier(rules), problems };
}

class Reader {
  #rules;
  #problems;
  /** The rule that is being read, under its pattern. @type {{pattern: string, line: number, rule: HeaderRule} | undefined} */
  #open;
  /** What stands below a path that is ignored is ignored silently. */
  #skips = false;
  #count = 0;

  /** @param {Map<string, HeaderRule>} rules @param {string[]} problems */
  constructor(rules, problems) {
    this.#rules = rules;
    this.#problems = problems;
  }

  /** @param {string} line @param {number} number @returns {boolean} false: the rest is ignored */
  read(line, number) {
    if (line === '' || line.startsWith('#')) return true;
    if (line.length > kLineCharactersMax) {
      this.#ignore(number, `it exceeds the maximum allowed length of ${kLineCharactersMax}`);
    } else if (/^([^\s]+:\/\/|\/)/.test(line)) {
      if (this.#count >= kRulesMax) {
        this.#ignore(number, `and what follows: maximum number of rules supported is ${kRulesMax}`);
        return false;
      }
      this.#readPath(line, number);
    } else if (!this.#skips) {
      this.#readHeader(line, number);
    }
    return true;
  }

  /** @param {string} line @param {number} number */
  #readPath(line, number) {
    this.end();
    const result = ruleUrl(line, { noPort: true });
    const problem = 'url' in result ? wildcardProblem(result.url) : result.problem;
    this.#skips = problem !== undefined;
    if (problem !== undefined) this.#ignore(number, problem);
    else if ('url' in result)
      this.#open = { pattern: result.url, line: number, rule: { set: new Map(), unset: [] } };
  }

  /** @param {string} line @param {number} number */
  #readHeader(line, number) {
    const rule = this.#open?.rule;
    const colon = line.indexOf(':');
    if (colon === -1 && rule !== undefined && line.startsWith('! ')) {
      rule.unset.push(line.slice(2));
      return;
    }
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    const problem = headerProblem(colon, name, value, rule !== undefined);
    if (problem !== undefined || rule === undefined) {
      this.#ignore(number, String(problem));
      return;
    }
    const before = rule.set.get(name);
    rule.set.set(name, before === undefined ? value : `${before}, ${value}`);
  }

  /** No more lines for the rule that is open. */
  end() {
    const open = this.#open;
    this.#open = undefined;
    if (open === undefined) return;
    const { pattern, line, rule } = open;
    if (rule.set.size === 0 && rule.unset.length === 0) {
      this.#ignore(line, 'No headers specified');
      return;
    }
    this.#count += 1;
    this.#rules.set(pattern, rule);
  }

  /** @param {number} number @param {string} why */
  #ignore(number, why) {
    this.#problems.push(`line ${number} is ignored: ${why}`);
  }
}

/** @param {number} colon @param {string} name @param {string} value @param {boolean} hasPath */
function headerProblem(colon, name, value, hasPath) {
  if (colon === -1) {
    return hasPath
      ? 'Expected a colon-separated header pair (e.g. name: value)'
      : 'Expected a path beginning with at least one forward-slash';
  }
  if (name.includes(' ')) return 'Header name cannot include spaces';
  if (name === '') return 'No header name specified';
  if (value === '') return 'No header value specified';
  return hasPath ? undefined : `Path should come before header (${name}: ${value})`;
}

/** @param {string} pattern */
function wildcardProblem(pattern) {
  const count = pattern.split('*').length - 1;
  if (count > 1)
    return `Only one wildcard is allowed per rule. Use a named placeholder (e.g. :project) instead. Skipping ${pattern}.`;
  if (count > 0 && /:splat(?!\w)/.test(pattern))
    return `Cannot combine a wildcard * with a :splat placeholder because wildcards are converted to :splat at runtime. Skipping ${pattern}.`;
  return undefined;
}

/** @param {Map<string, HeaderRule>} rules @returns {ApplyHeaders} */
function applier(rules) {
  const compiled = [...rules].flatMap(([pattern, rule]) => {
    const matches = compileRule(pattern);
    return matches === undefined ? [] : [{ matches, rule }];
  });
  return (url, headers) => {
    const set = new Set();
    for (const { matches, rule } of compiled) {
      const variables = matches(url);
      if (variables === undefined) continue;
      for (const name of rule.unset) headers.delete(name);
      for (const [name, value] of rule.set) {
        // The first rule replaces what the response had, a further one adds.
        if (set.has(name)) headers.append(name, fillIn(value, variables));
        else headers.set(name, fillIn(value, variables));
        set.add(name);
      }
    }
  };
}

module.exports = { parseHeaders };
