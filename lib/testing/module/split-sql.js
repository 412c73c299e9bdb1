'use strict';
// splitSql: the statements of an SQL text. Strings, comments and the bodies of triggers hold semicolons that end nothing.

const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|[A-Za-z_][\w$]*|;|[\s\S]/g;

/** @param {string} text @returns {string[]} without the semicolons at their ends */
function splitSql(text) {
  const statements = [];
  let statement = '';
  /** Words so far; of a trigger they tell where its body begins. @type {string[]} */
  let words = [];
  let depth = 0;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === ';' && depth === 0) {
      statements.push(statement.trim());
      statement = '';
      words = [];
      continue;
    }
    if (/^(?:--|\/\*)/.test(token)) {
      statement += ' ';
      continue;
    }
    statement += token;
    if (!/^[A-Za-z_]/.test(token)) continue;
    const word = token.toUpperCase();
    words.push(word);
    if (!isTrigger(words)) continue;
    if (word === 'BEGIN' || (word === 'CASE' && depth > 0)) depth += 1;
    else if (word === 'END' && depth > 0) depth -= 1;
  }
  statements.push(statement.trim());
  return statements.filter((one) => one !== '');
}

/** `CREATE [TEMP | TEMPORARY] TRIGGER`. @param {string[]} words */
const isTrigger = ([first, second, third]) =>
  first === 'CREATE' &&
  (second === 'TRIGGER' || (/^TEMP/.test(second ?? '') && third === 'TRIGGER'));

module.exports = { splitSql };
