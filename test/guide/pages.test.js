// The guide pages: their programs run and print what the page says, all else that is code at least parses, commands are commands.
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const esbuild = require('esbuild');
const { makeProgram } = require('../../lib/cli/options');
const { ROOT, temporaryDirectory } = require('../support/server');

const GUIDES = ['quick-start', 'embedding', 'from-cloudflare', 'from-miniflare', 'production'];
const REFERENCES = [
  ...['admin', 'configuration', 'damaged-storage', 'migrating-state'],
  ...['unit-testing', 'unit-testing-vitest'],
];
const pages = [...GUIDES, ...REFERENCES].map((name) => `docs/${name}.md`).concat('README.md');
const BLOCK = /^( *)```(\w+)\n([^]*?)^\1```\n(?:\n([^\n]*))?/gm;
const PRINTS = /^It prints `([^`]*)`/;

const blocks = pages.flatMap((page) => {
  const text = fs.readFileSync(path.join(ROOT, page), 'utf8');
  return [...text.matchAll(BLOCK)].map(([, indent, language, code, after], index) => ({
    name: `${path.basename(page, '.md')} ${index + 1} (${language})`,
    language,
    code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    prints: PRINTS.exec(after ?? '')?.[1],
  }));
});

/** @param {string[]} languages */
const of = (...languages) => blocks.filter(({ language }) => languages.includes(language));

/** A directory whose programs find this package by its name, and all that it has installed. */
function projectDirectory() {
  const directory = temporaryDirectory('pages');
  const modules = path.join(directory, 'node_modules');
  fs.mkdirSync(modules);
  fs.symlinkSync(ROOT, path.join(modules, 'holdfast'));
  fs.symlinkSync(path.join(ROOT, 'node_modules/express'), path.join(modules, 'express'));
  return directory;
}

test.each(of('js', 'ts'))('$name is right as far as it can be read', async ({ language, code }) => {
  const loader = /** @type {esbuild.Loader} */ (language);
  const { warnings } = await esbuild.transform(code, { loader, format: 'esm' });
  expect(warnings).toEqual([]);
});

test.each(of('js').filter(({ prints }) => prints !== undefined))(
  '$name prints what the page says',
  ({ code, prints }) => {
    const directory = projectDirectory();
    fs.writeFileSync(path.join(directory, 'program.mjs'), code);
    const result = spawnSync(process.execPath, ['program.mjs'], {
      cwd: directory,
      encoding: 'utf8',
    });
    expect(result).toMatchObject({ status: 0, stderr: '', stdout: `${prints}\n` });
  },
);

test('the one-file Worker of the quick start is served', async () => {
  const [{ code }] = of('ts');
  const main = path.join(projectDirectory(), 'counter.ts');
  fs.writeFileSync(main, code);
  const { createRuntime } = require('../..');
  const runtime = await createRuntime({ main });
  expect(await (await runtime.fetch('http://localhost/a')).text()).toBe('1\n');
  expect(await (await runtime.fetch('http://localhost/a')).text()).toBe('2\n');
  await runtime.close();
});

/** The arguments of each `holdfast` in a block, however it is called. @param {string} code @returns {string[][]} */
function commandsIn(code) {
  const plain = code.replaceAll(/[[\],"]+/g, ' ');
  return [...plain.matchAll(/(?:^|npx |\.bin\/)holdfast +(.*)$/gm)].map(([, rest]) =>
    rest.replace(/#.*/, '').trim().split(/\s+/),
  );
}

/** Commands in the text, as `holdfast dev`. */
const spoken = pages.flatMap((page) => {
  const text = fs.readFileSync(path.join(ROOT, page), 'utf8').replaceAll(BLOCK, '');
  return [...text.matchAll(/`((?:npx )?holdfast [^`]*)`/g)].map(([, code]) => ({
    name: path.basename(page, '.md'),
    code: code.replaceAll('…', ''),
  }));
});

const commands = [...of('sh', 'ini', 'dockerfile'), ...spoken].flatMap(({ name, code }) =>
  commandsIn(code).map((args) => ({ name, command: args.join(' '), args })),
);

test.each(commands)('$name: holdfast $command is a command', async ({ args }) => {
  const seen = [];
  const note = (/** @type {any} */ ...given) => void seen.push(given);
  const actions = { serve: note, verify: note, listMigrations: note, init: note };
  const program = makeProgram(/** @type {any} */ (actions));
  for (const each of [program, ...program.commands]) each.exitOverride();
  await program.parseAsync(args, { from: 'user' });
  expect(seen).toHaveLength(1);
});

test.each(of('sh'))('$name is right for a shell', ({ code }) => {
  expect(spawnSync('sh', ['-n'], { input: code, encoding: 'utf8' })).toMatchObject({
    status: 0,
    stderr: '',
  });
});

test('every page has blocks, and some are run', () => {
  for (const page of pages)
    expect(blocks.some(({ name }) => name.startsWith(`${path.basename(page, '.md')} `))).toBe(true);
  expect(blocks.filter(({ prints }) => prints !== undefined).length).toBeGreaterThan(2);
  expect(commands.length).toBeGreaterThan(4);
});

test.each(pages)('links of %s lead to files and headings that are there', (page) => {
  const text = fs.readFileSync(path.join(ROOT, page), 'utf8');
  for (const [, target, heading] of text.matchAll(/\]\(([^)#:\s]*)(?:#([^)]*))?\)/g)) {
    const file = path.join(ROOT, target === '' ? page : path.join(path.dirname(page), target));
    expect({ target, there: fs.existsSync(file) }).toEqual({ target, there: true });
    if (heading !== undefined) expect(headingsOf(file)).toContain(heading);
  }
});

/** As GitHub calls them. @param {string} file */
function headingsOf(file) {
  const text = fs.readFileSync(file, 'utf8').replaceAll(/^ *```[^]*?^ *```$/gm, '');
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}
