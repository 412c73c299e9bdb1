'use strict';

/**
 * @param {string} markdown
 * @returns {string} the inside of its first ```js block
 */
function firstExample(markdown) {
  const block = /^```js\n([\s\S]*?)^```$/m.exec(markdown);
  if (!block) throw new Error('README.md has no ```js block');
  return block[1];
}

/**
 * @param {string} code
 * @returns {string} the file name under which Node takes it for what it is
 */
function fileNameFor(code) {
  return /^import\s/m.test(code) ? 'example.mjs' : 'example.cjs';
}

module.exports = { fileNameFor, firstExample };
