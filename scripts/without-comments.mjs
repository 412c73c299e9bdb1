// withoutComments: a script as it is but for its comments and empty lines.
//
// What is left is the same tokens on lines of their own, so that it means the same and can still be read. A tool that prints a program
// anew renames a class here and there, and users see its name.

import ts from 'typescript';

const { FirstJSDocNode, LastJSDocNode } = ts.SyntaxKind;

/** @param {string} source of a CommonJS module @returns {string} */
export function withoutComments(source) {
  const file = ts.createSourceFile('module.js', source, ts.ScriptTarget.Latest);
  const parts = [];
  let end = 0;
  for (const token of tokensOf(file, file)) {
    const start = token.getStart(file);
    parts.push(between(source.slice(end, start)), source.slice(start, token.end));
    end = token.end;
  }
  return parts.join('').trimStart();
}

/** @param {ts.Node} node @param {ts.SourceFile} file @returns {Iterable<ts.Node>} the leaves below it, in their order */
function* tokensOf(node, file) {
  if (node.kind >= FirstJSDocNode && node.kind <= LastJSDocNode) return;
  const children = node.getChildren(file);
  if (children.length === 0) yield node;
  for (const child of children) yield* tokensOf(child, file);
}

/** @param {string} trivia white space and comments between two tokens @returns {string} white space that has a line end where it has one */
function between(trivia) {
  if (trivia === '') return '';
  if (!trivia.includes('\n')) return ' ';
  const [indent] = /[ \t]*$/.exec(trivia) ?? [''];
  return `\n${indent}`;
}
