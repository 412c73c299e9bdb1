'use strict';

const { planMigrations } = require('../../../lib/config');

const migration = (tag, changes = {}) => ({
  tag,
  newClasses: [],
  newSqliteClasses: [],
  renamedClasses: [],
  deletedClasses: [],
  transferredClasses: [],
  ...changes,
});
const state = (tag, classes) => ({ version: 1, tag, classes });
const sqlite = (uniqueKey) => ({ uniqueKey, kind: 'sqlite' });
const plan = (input) => planMigrations({ workerName: 'app', ...input });

const V1 = migration('v1', { newSqliteClasses: ['A'] });
const RENAME = migration('v2', { renamedClasses: [{ from: 'A', to: 'B' }] });
const DELETE = migration('v3', { deletedClasses: ['B'] });

test.each([
  [
    'S8.4.2, S8.4.9 without a stored tag all are applied, to the names that classes have in the end',
    { migrations: [V1, RENAME] },
    [{ type: 'create', className: 'B', uniqueKey: 'app-B', kind: 'sqlite' }],
    state('v2', { B: sqlite('app-B') }),
  ],
  [
    'S8.4.9 what wrangler dev stored since a rename is found',
    { migrations: [V1, RENAME], hasData: (key) => ['app-A', 'app-B'].includes(key) },
    [{ type: 'create', className: 'B', uniqueKey: 'app-B', kind: 'sqlite' }],
    state('v2', { B: sqlite('app-B') }),
  ],
  [
    'S8.4.9 so is what it stored before the rename alone',
    { migrations: [V1, RENAME], hasData: (key) => key === 'app-A' },
    [{ type: 'create', className: 'B', uniqueKey: 'app-A', kind: 'sqlite' }],
    state('v2', { B: sqlite('app-A') }),
  ],
  [
    'S8.4.9 a name that was taken again keeps its data, and nothing is deleted',
    {
      migrations: [
        V1,
        RENAME,
        migration('v3', { newSqliteClasses: ['A', 'C'] }),
        migration('v4', { deletedClasses: ['C'] }),
      ],
      hasData: (key) => ['app-A', 'app-C'].includes(key),
    },
    [
      { type: 'create', className: 'B', uniqueKey: 'app-B', kind: 'sqlite' },
      { type: 'create', className: 'A', uniqueKey: 'app-A', kind: 'sqlite' },
    ],
    state('v4', { B: sqlite('app-B'), A: sqlite('app-A') }),
  ],
  [
    'S8.4.5 a rename keeps the unique key',
    { state: state('v1', { A: sqlite('app-A') }), migrations: [V1, RENAME] },
    [{ type: 'rename', from: 'A', to: 'B', uniqueKey: 'app-A' }],
    state('v2', { B: sqlite('app-A') }),
  ],
  [
    'S8.4.6 a delete names the key whose data goes',
    { state: state('v2', { B: sqlite('app-A') }), migrations: [V1, RENAME, DELETE] },
    [{ type: 'delete', className: 'B', uniqueKey: 'app-A' }],
    state('v3', {}),
  ],
  [
    'S8.4.8 applied entries have no effect, even edited',
    {
      state: state('v2', { B: sqlite('app-A') }),
      migrations: [migration('v1', { newClasses: ['Z'] }), RENAME],
    },
    [],
    state('v2', { B: sqlite('app-A') }),
  ],
  [
    'S1.1.1 the name of a renamed class can be taken again, under another key',
    {
      state: state('v2', { B: sqlite('app-A') }),
      migrations: [V1, RENAME, migration('v3', { newClasses: ['A'] })],
    },
    [{ type: 'create', className: 'A', uniqueKey: 'app-A-2', kind: 'kv' }],
    state('v3', { B: sqlite('app-A'), A: { uniqueKey: 'app-A-2', kind: 'kv' } }),
  ],
  [
    'S8.4.3 delete and create of one name in one entry',
    {
      state: state('v1', { A: sqlite('app-A') }),
      migrations: [V1, migration('v2', { deletedClasses: ['A'], newClasses: ['A'] })],
    },
    [
      { type: 'delete', className: 'A', uniqueKey: 'app-A' },
      { type: 'create', className: 'A', uniqueKey: 'app-A', kind: 'kv' },
    ],
    state('v2', { A: { uniqueKey: 'app-A', kind: 'kv' } }),
  ],
  [
    'S8.3.3 a bound class without migration gets a namespace',
    { migrations: [], classes: [['A', 'undeclared']] },
    [{ type: 'create', className: 'A', uniqueKey: 'app-A', kind: 'undeclared' }],
    { version: 1, classes: { A: { uniqueKey: 'app-A', kind: 'undeclared' } } },
  ],
  [
    'a class used before it was declared keeps its data',
    {
      state: { version: 1, classes: { A: { uniqueKey: 'old', kind: 'undeclared' } } },
      migrations: [V1],
      classes: [['A', 'sqlite']],
    },
    [{ type: 'create', className: 'A', uniqueKey: 'old', kind: 'sqlite' }],
    state('v1', { A: sqlite('old') }),
  ],
  [
    'S8.5 exports: what is described is made of what is there',
    {
      state: {
        version: 1,
        classes: { A: sqlite('app-A'), B: sqlite('app-B'), C: sqlite('app-C') },
      },
      migrations: [],
      changes: {
        ...migration(),
        deletedClasses: ['A', 'Gone'],
        renamedClasses: [
          { from: 'B', to: 'D' },
          { from: 'Gone', to: 'C' },
        ],
      },
      classes: [
        ['D', 'sqlite'],
        ['C', 'sqlite'],
      ],
    },
    [
      { type: 'delete', className: 'A', uniqueKey: 'app-A' },
      { type: 'rename', from: 'B', to: 'D', uniqueKey: 'app-B' },
    ],
    { version: 1, classes: { D: sqlite('app-B'), C: sqlite('app-C') } },
  ],
])('%s', (_, input, steps, after) => {
  const result = plan(input);
  expect(result).toEqual({ steps, state: after, warnings: [] });
  // Made again from its own result, a plan does nothing: a crash before serving is harmless.
  expect(plan({ ...input, state: result.state }).steps).toEqual([]);
});

describe('S8.4.2 the stored tag is not in the config', () => {
  const unknown = (classes, migrations) => plan({ state: state('lost', classes), migrations });

  test('what is there already stays, with a warning', () => {
    const result = unknown({ B: sqlite('app-A') }, [V1, RENAME]);
    expect(result.steps).toEqual([]);
    expect(result.state).toEqual(state('v2', { B: sqlite('app-A') }));
    expect(result.warnings).toEqual([expect.stringContaining('"lost" is no longer in the config')]);
  });

  test('squashed migrations keep the data', () => {
    const result = unknown({ B: sqlite('app-A') }, [migration('s', { newSqliteClasses: ['B'] })]);
    expect(result).toMatchObject({ steps: [], state: state('s', { B: sqlite('app-A') }) });
  });

  test('a class the migrations delete in the end goes, and is not created to be deleted', () => {
    expect(unknown({ B: sqlite('app-A') }, [V1, RENAME, DELETE]).steps).toEqual([
      { type: 'delete', className: 'B', uniqueKey: 'app-A' },
    ]);
    expect(unknown({}, [V1, RENAME, DELETE]).steps).toEqual([]);
  });

  test('a class it never saw is created under its first name', () => {
    expect(unknown({}, [V1, RENAME]).state.classes).toEqual({ B: sqlite('app-A') });
  });

  test('S8.4.4 a kind cannot change', () => {
    expect(() => unknown({ A: { uniqueKey: 'app-A', kind: 'kv' } }, [V1])).toThrow(
      'Class A has kv storage and cannot become sqlite',
    );
  });
});

test.each([
  [{ newClasses: ['A'] }, 'Cannot apply new_classes migration to existing class A'],
  [{ deletedClasses: ['X'] }, 'Cannot apply deleted_classes migration to non-existent class X'],
  [
    { renamedClasses: [{ from: 'X', to: 'Y' }] },
    'Cannot apply renamed_classes migration to non-existent class X',
  ],
])('S8.4.3 %j contradicts what is stored', (changes, text) => {
  const input = {
    state: state('v1', { A: sqlite('app-A') }),
    migrations: [V1, migration('v2', changes)],
  };
  expect(() => plan(input)).toThrow(text);
});

test('S8.4.7 a transferred class starts empty and says so', () => {
  const result = plan({
    migrations: [
      migration('v1', { transferredClasses: [{ from: 'X', fromScript: 'other', to: 'A' }] }),
    ],
  });
  expect(result.state.classes).toEqual({ A: sqlite('app-A') });
  expect(result.warnings).toEqual([expect.stringContaining('Class A starts empty')]);
});
