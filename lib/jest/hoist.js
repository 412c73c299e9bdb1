'use strict';
// hoistMocks: `jest.mock()` and its like come before the modules that they are about are loaded, as babel-jest does it.
//
// The bundler has made requires of the imports and put them first. Statements at the top of a module that set up mocks go in front of
// them, with the constants that a factory uses. Only files that mention such a call are parsed, with the parser that Jest brings.

const { jestPackage } = require('./jest-packages');

const NAMES = new Set(['mock', 'unmock', 'deepUnmock', 'enableAutomock', 'disableAutomock']);
const MENTION = /\bjest\s*\.\s*(?:mock|unmock|deepUnmock|enableAutomock|disableAutomock)\b/;

/** @typedef {any} Node of a syntax tree */

/**
 * @param {string} code from the bundler
 * @param {string} map
 * @param {string} file
 * @param {string} rootDir
 * @returns {[code: string, map: string]}
 */
function hoistMocks(code, map, file, rootDir) {
  if (!MENTION.test(code)) return [code, map];
  const babel = jestPackage('@babel/core', rootDir);
  const result = babel.transformSync(code, {
    filename: file,
    babelrc: false,
    configFile: false,
    browserslistConfigFile: false,
    compact: false,
    sourceType: 'script',
    inputSourceMap: JSON.parse(map),
    sourceMaps: true,
    parserOpts: { allowReturnOutsideFunction: true },
    plugins: [() => ({ visitor: { Program: hoistIn } })],
  });
  return [result.code, JSON.stringify(result.map)];
}

/** @param {any} program a path */
function hoistIn(program) {
  const statements = program.get('body');
  const calls = statements.filter((/** @type {any} */ one) => isMockCall(one.node));
  if (calls.length === 0) return;
  const needed = new Set(
    calls.flatMap((/** @type {any} */ call) => declarationsFor(call, program)),
  );
  const moved = statements.filter(
    (/** @type {any} */ one) => needed.has(one.node) || calls.includes(one),
  );
  const order = [...moved.filter((/** @type {any} */ one) => !calls.includes(one)), ...calls];
  const nodes = order.map((/** @type {any} */ one) => one.node);
  const { body } = program.node;
  const rest = body.filter((/** @type {Node} */ node) => !nodes.includes(node));
  const first = rest.findIndex(requires);
  rest.splice(first < 0 ? 0 : first, 0, ...nodes);
  program.node.body = rest;
}

/** A chain of calls that begins with `jest`, or with that of '@jest/globals'. @param {Node} node */
function isMockCall(node) {
  if (node.type !== 'ExpressionStatement') return false;
  let { expression: at } = node;
  let isMock = false;
  while (at.type === 'CallExpression' && at.callee.type === 'MemberExpression') {
    isMock ||= NAMES.has(at.callee.property.name);
    at = at.callee.object;
  }
  return (
    isMock &&
    (at.name === 'jest' || (at.type === 'MemberExpression' && at.property.name === 'jest'))
  );
}

/**
 * Declarations at the top that a call needs: of '@jest/globals', and constants that depend on nothing.
 * @param {any} call a path
 * @param {any} program
 * @returns {Node[]}
 */
function declarationsFor(call, program) {
  /** @type {Node[]} */
  const found = [];
  call.traverse({
    Identifier(/** @type {any} */ identifier) {
      if (!identifier.isReferencedIdentifier()) return;
      const binding = program.scope.getOwnBinding(identifier.node.name);
      if (!binding?.path.isVariableDeclarator()) return;
      if (identifier.scope.getBinding(identifier.node.name) !== binding) return;
      const { init } = binding.path.node;
      const isGlobals = loads(init, '@jest/globals');
      const isPure = init && binding.constant && program.scope.isPure(init, true);
      const declaration = binding.path.parent;
      if ((isGlobals || isPure) && declaration.declarations.length === 1) found.push(declaration);
    },
  });
  return found;
}

/** @param {Node} node of a statement: an import that became a require */
function requires(node) {
  if (node.type === 'ExpressionStatement') return loads(node.expression);
  if (node.type !== 'VariableDeclaration') return false;
  return node.declarations.some((/** @type {Node} */ { init }) => loads(init));
}

/** `require('x')`, alone or as an argument. @param {Node} node @param {string} [name] @returns {boolean} */
function loads(node, name) {
  if (node?.type !== 'CallExpression') return false;
  const [argument] = node.arguments;
  if (node.callee.name === 'require') return name === undefined || argument?.value === name;
  return loads(argument, name);
}

module.exports = { hoistMocks };
