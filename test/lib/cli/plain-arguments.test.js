'use strict';

// What the command line reads without commander is what commander would have read (docs/decisions/0020-fast-start.md).

const { serveOptions } = require('../../../lib/cli/option-table');
const { makeProgram } = require('../../../lib/cli/options');
const { plainArguments } = require('../../../lib/cli/plain-arguments');

/** @param {string[]} args @returns {Promise<{mode: string, options: object} | undefined>} undefined: it refuses them */
async function byCommander(args) {
  let read;
  const actions = { verify: () => {}, init: () => {}, listMigrations: () => {} };
  const program = makeProgram({
    ...actions,
    serve: async (mode, options) => {
      read = { mode, options };
    },
  });
  for (const one of [program, ...program.commands])
    one.exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} });
  await program.parseAsync(['node', 'holdfast', ...args]).catch(() => {});
  return read;
}

/** A value that the option takes, and for a repeated one another. @type {Record<string, string[]>} */
const values = {
  '<file>': ['a b.pem', './c'],
  '<directory>': ['/data', 'x=y'],
  '<name>': ['production', ''],
  '<number>': ['0', '12'],
  '<address>': ['::1', '0.0.0.0'],
  '<path>': ['/run/a.sock', 'b'],
  '<date>': ['2026-01-01', '2025-01-01'],
  '<key=value>': ['A=1=2', 'B:c'],
  '<key:value>': ['A:1:2', 'process.env.B:"b=1"'],
  '<from:to>': ['@scope/a:./b', 'c:d'],
  '<url>': ['smtp://a', 'smtps://u:p@b:465'],
  '<format>': ['json', 'text'],
};

const withOneValue = serveOptions.filter(({ flags }) => !flags.endsWith('...>'));

const given = withOneValue.flatMap(({ flags }) => {
  const [names, value] = flags.split(/ (?=<)/);
  return names.split(', ').map((name) => (value ? [name, values[value]] : [name]));
});

test.each(['start', 'dev'])(
  '%s: every option, by each of its names, once and again',
  async (mode) => {
    expect(given.length).toBeGreaterThan(withOneValue.length);
    for (const [name, some = []] of given) {
      const once = [name, ...some.slice(0, 1)];
      const twice = [...once, name, ...some.slice(1)];
      for (const args of [once, twice, ['project', ...once], [...twice, 'project']]) {
        const plain = plainArguments([mode, ...args]);
        expect(plain).toEqual(await byCommander([mode, ...args]));
        expect(plain).toBeDefined();
      }
    }
  },
);

test.each([[['start']], [['dev', 'project']], [['start', '--compression', 'project', '-e', 'x']]])(
  '%j',
  async (args) => {
    const plain = plainArguments(args);
    expect(plain).toEqual(await byCommander(args));
    expect(plain).toBeDefined();
  },
);

// Mistakes, help, other commands, and ways to write a value that few use.
test.each([
  [[]],
  [['verify']],
  [['--help']],
  [['start', '--help']],
  [['start', '--compatibility-flags', 'nodejs_compat', 'project']],
  [['start', '--version']],
  [['start', 'one', 'two']],
  [['start', '--port']],
  [['start', '--port', 'x']],
  [['start', '--port', '65536']],
  [['start', '--port=80']],
  [['start', '-p80']],
  [['start', '--host', '-x']],
  [['start', '--', '--port']],
  [['start', '-']],
  [['start', '--data-dir', '']],
  [['start', '--log-format', 'xml']],
  [['start', '--nothing']],
  [['start', '--var', 'A']],
])('leaves %j to commander', (args) => {
  expect(plainArguments(args)).toBeUndefined();
});
