'use strict';
// What binds a Worker's globals inside a module that a test runner loads (S9.2), so that the process keeps its own
// (docs/decisions/0016-globals.md). As the head of a bundle does (lib/build/worker-scope.js), for each module by itself.
//
// A module is given those names that occur in its text; its own of the same name lie within and win.

const { GLOBAL_NAMES, LAZY_NAMES } = require('../../web/scope/global-names');

/** What tests replace with fakes, and what is nobody's of S9.2: variables, too. */
const TEST_NAMES = Object.freeze(['Date', 'clearImmediate', 'performance', 'setImmediate']);

const kScope = 'holdfast.scope';
const kNames = [...GLOBAL_NAMES, ...LAZY_NAMES, ...TEST_NAMES, 'globalThis'];
const pattern = new RegExp(`(?<![\\w$])(?:${kNames.join('|')})(?![\\w$])`, 'g');

/**
 * @param {string} code CommonJS
 * @returns {{head: string, tail: string} | undefined} what goes around it, without a line break in front; undefined: nothing
 */
function scopeHeader(code) {
  const names = [...new Set(code.match(pattern))].sort();
  if (names.length === 0) return undefined;
  const cells = names.map(
    (name) => `get ${name}() { return ${name}; }, set ${name}(value) { ${name} = value; }`,
  );
  const head =
    `const holdfastScope = process[Symbol.for('${kScope}')]; ` +
    `let { ${names.join(', ')} } = holdfastScope.values; ` +
    `holdfastScope.link({ ${cells.join(', ')} }); ` +
    '(() => {';
  return { head, tail: '\n})();' };
}

const holder = /** @type {any} */ (process);
/** Test runners load modules of their own with the transforms of the project: those get what they would have got. */
const kNone = { values: globalThis, link: () => {} };
holder[Symbol.for(kScope)] ??= kNone;

/** Modules that are evaluated from now on take their globals from it. @param {import('../../web/scope/global-scope').GlobalScope | undefined} scope */
function setModuleScope(scope) {
  holder[Symbol.for(kScope)] = scope ?? kNone;
}

module.exports = { TEST_NAMES, scopeHeader, setModuleScope };
