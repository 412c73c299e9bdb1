// The fixtures are the guide: each block occurs in it word for word, and it has no code besides them.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { ROOT } = require('../support/server.js');

const GUIDE = fs.readFileSync(path.join(__dirname, 'durable-objects-guide.txt'), 'utf8');
const BLOCKS = path.join(__dirname, 'blocks');
const EXAMPLE = path.join(ROOT, 'examples', 'guide');
const MARKED = /^\/\/ <guide>\n([^]*?)^\/\/ <\/guide>\n/gm;
const IMPORTS = /^(?:import .*\n)*\n*/;
const TOML_HEAD = /^(?:(?:name|main|compatibility_date) = .*\n)*\n*/;

/** @param {string} file The block in it: what is marked, or else everything after the imports. */
function blockOf(file) {
  const source = fs.readFileSync(file, 'utf8');
  if (file.endsWith('.toml')) return source.replace(TOML_HEAD, '').trimEnd();
  const marked = [...source.matchAll(MARKED)].map((match) => match[1]);
  return (marked.length > 0 ? marked.join('') : source.replace(IMPORTS, '')).trimEnd();
}

const fixtures = fs
  .readdirSync(BLOCKS)
  .sort()
  .map((name) => ({ name, blocks: [blockOf(path.join(BLOCKS, name))] }));
// The example's one source file holds two blocks of the guide: the Worker and the class.
const [worker, ...rest] = blockOf(path.join(EXAMPLE, 'src', 'index.ts')).split(
  /(?<=^} satisfies .*$)\n\n/m,
);
fixtures.push({ name: 'examples/guide/src/index.ts', blocks: [worker, ...rest] });
fixtures.push({
  name: 'examples/guide/wrangler.toml',
  blocks: [blockOf(path.join(EXAMPLE, 'wrangler.toml'))],
});

test.each(fixtures)('$name is the guide, word for word', ({ blocks }) => {
  for (const block of blocks) {
    expect(block.length).toBeGreaterThan(40);
    expect(GUIDE).toContain(`\n${block}\n`);
  }
});

test('the guide has no code besides these blocks', () => {
  const blocks = fixtures.flatMap((fixture) => fixture.blocks);
  expect(blocks).toHaveLength(14);
  let text = GUIDE;
  for (const block of blocks) text = text.replace(`\n${block}\n`, '\n');
  const code = text.split('\n').filter((line) => /[;{}]\s*$|^\s*\/\/|^\[\[|^\s+\S.*=/.test(line));
  expect(code).toEqual([]);
});
