'use strict';

const { planMigrations, upgradeState } = require('../../../lib/config');

const migration = (tag, changes = {}) => ({
  tag,
  newClasses: [],
  newSqliteClasses: [],
  renamedClasses: [],
  deletedClasses: [],
  transferredClasses: [],
  ...changes,
});
/** After the migrations v1 to `last`, or those that are named. */
const state = (last, classes) => {
  const count = Number(/^v(\d)$/.exec(last)?.[1]);
  const tags = count ? Array.from({ length: count }, (_, index) => `v${index + 1}`) : [last];
  return { version: 2, tags, classes };
};
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
    { version: 2, tags: [], classes: { A: { uniqueKey: 'app-A', kind: 'undeclared' } } },
  ],
  [
    'a class used before it was declared keeps its data',
    {
      state: { version: 2, tags: [], classes: { A: { uniqueKey: 'old', kind: 'undeclared' } } },
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
        version: 2,
        tags: ['gone'],
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
    { version: 2, tags: ['gone'], classes: { D: sqlite('app-B'), C: sqlite('app-C') } },
  ],
])('%s', (_, input, steps, after) => {
  const result = plan(input);
  expect(result).toEqual({ steps, state: after, sources: new Map(), warnings: [] });
  // Made again from its own result, a plan does nothing: a crash before serving is harmless.
  expect(plan({ ...input, state: result.state }).steps).toEqual([]);
});

describe('S8.4.8 a list that lost or moved entries is refused', () => {
  const applied = { state: state('v2', { B: sqlite('app-A') }) };
  const V3 = migration('v3');
  test.each([
    [[V1], '"v2" is missing.', 'Configured: "v1".'],
    [[], '"v1", "v2" are missing.', 'Configured: none.'],
    [[RENAME, V1], 'They stand in another order.', 'Configured: "v2", "v1".'],
    [[V1, V3, RENAME], '"v3" is new and must stand behind "v2".', 'Applied: "v1", "v2".'],
    [
      [V3, RENAME],
      '"v1" is missing. "v3" is new and must stand behind "v2".',
      '--adopt-migrations',
    ],
  ])('%j', (migrations, problem, more) => {
    const refused = expect(() => plan({ ...applied, migrations }));
    refused.toThrow(
      'The migrations of the configuration are not those that were applied to the stored data.',
    );
    refused.toThrow(problem);
    refused.toThrow(more);
  });

  test('but what has no list loses none: an entry file, or `exports` instead', () => {
    expect(plan(applied).state).toEqual(applied.state);
    const exports = {
      ...applied,
      migrations: [],
      changes: migration(),
      classes: [['B', 'sqlite']],
    };
    expect(plan(exports)).toMatchObject({ steps: [], state: applied.state });
  });

  test('the record of version 1 named the last one alone', () => {
    const stored = { version: 1, tag: 'v2', classes: { B: sqlite('app-A') } };
    expect(upgradeState(stored, [V1, RENAME, V3])).toEqual(applied.state);
    expect(upgradeState({ ...stored, tag: 'x' }, [V1]).tags).toEqual(['x']);
    expect(upgradeState({ version: 1, classes: {} }, [V1]).tags).toEqual([]);
    expect(upgradeState(applied.state, [])).toBe(applied.state);
  });
});

describe('adopting a list that replaces the one that was applied', () => {
  const unknown = (classes, migrations) =>
    plan({ state: state('lost', classes), migrations, adopt: true });

  test('what is there already stays', () => {
    const result = unknown({ B: sqlite('app-A') }, [V1, RENAME]);
    expect(result.steps).toEqual([]);
    expect(result.state).toEqual(state('v2', { B: sqlite('app-A') }));
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

describe('S8.4.7 transferred classes', () => {
  const MOVE = migration('v1', {
    transferredClasses: [{ from: 'X', fromScript: 'other', to: 'A' }],
  });
  const source = {
    version: 2,
    tags: ['o'],
    classes: { X: sqlite('other-X'), Y: sqlite('other-Y') },
  };
  const moved = {
    version: 2,
    tags: ['o'],
    classes: { Y: sqlite('other-Y') },
    transferred: { X: { script: 'app', className: 'A', ...sqlite('other-X') } },
  };
  const stateOf = (stored) => (script) => (script === 'other' ? stored : undefined);

  test.each([
    ['first in its directory', undefined],
    ['later', { version: 2, tags: [], classes: {} }],
  ])('keep their unique key, and their former owner loses them: %s', (_, own) => {
    const result = plan({ state: own, migrations: [MOVE], stateOf: stateOf(source) });
    expect(result).toEqual({
      steps: [{ type: 'transfer', from: 'X', fromScript: 'other', to: 'A', uniqueKey: 'other-X' }],
      state: state('v1', { A: sqlite('other-X') }),
      sources: new Map([['other', moved]]),
      warnings: [],
    });
  });

  test('are found in the record of the former owner when the process died in between', () => {
    const result = plan({ migrations: [MOVE], stateOf: stateOf(moved) });
    expect(result.state).toEqual(state('v1', { A: sqlite('other-X') }));
    expect(result.sources).toEqual(new Map([['other', moved]]));
  });

  test('of a Worker that wrangler dev alone has run', () => {
    const hasData = (key) => key === 'other-X';
    expect(plan({ migrations: [MOVE], hasData }).state).toEqual(
      state('v1', { A: sqlite('other-X') }),
    );
  });

  test('are not made anew by their former owner, which may have another class of the name', () => {
    const former = { workerName: 'other', state: moved };
    expect(planMigrations({ ...former, classes: [['X', 'sqlite']] }).state).toEqual(moved);
    const again = migration('o2', { newSqliteClasses: ['X'] });
    const { state: after } = planMigrations({ ...former, migrations: [migration('o'), again] });
    expect(after.classes.X).toEqual(sqlite('other-X-2'));
    // The key stays taken.
    expect(after.transferred).toEqual(moved.transferred);
  });

  test('start empty and say so when there is nothing to transfer', () => {
    const result = plan({ migrations: [MOVE] });
    expect(result.state).toEqual(state('v1', { A: sqlite('app-A') }));
    expect(result.warnings).toEqual([
      'Class A starts empty: the data directory has no class X of the Worker other to transfer.',
    ]);
  });
});
