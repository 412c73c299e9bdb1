import { DurableObject } from 'cloudflare:workers';
import { answer, attempt, attemptSync } from '../probe.js';

/** What each query gives, or how it fails. */
const each = (sql, ...queries) =>
  queries.map((query) => `${query}: ${attemptSync(() => sql.exec(query).raw().toArray()).text}`);

const repeat = (count, text, separator = ',') =>
  Array.from({ length: count }, (_, i) => text.replaceAll('#', i)).join(separator);

/** Long texts would drown the answer. */
const outcome = (action) =>
  attemptSync(() => {
    const value = action();
    return typeof value === 'string' && value.length > 50 ? value.length : value;
  });

const booleans = [
  'case_sensitive_like',
  'foreign_keys',
  'defer_foreign_keys',
  'ignore_check_constraints',
  'legacy_alter_table',
  'recursive_triggers',
  'reverse_unordered_selects',
];

const probes = {
  'pragma-booleans': ({ sql }) =>
    booleans.map((name) =>
      each(
        sql,
        `PRAGMA ${name}`,
        `PRAGMA ${name} = on`,
        `PRAGMA ${name}`,
        `PRAGMA ${name} = 'OFF'`,
        `PRAGMA ${name}(yes)`,
        `PRAGMA ${name} = "no"`,
        `PRAGMA ${name} = 1`,
        `PRAGMA ${name} = 0`,
        `PRAGMA ${name} = 2`,
        `PRAGMA ${name} = maybe`,
        `PRAGMA ${name} = ''`,
        `PRAGMA main.${name}`,
      ),
    ),
  'pragma-names'({ sql, storage }) {
    storage.kv.put('k', 1);
    sql.exec(
      'CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (a REFERENCES p (id), b UNIQUE)',
    );
    sql.exec('CREATE INDEX ti ON t (a)');
    return [
      'table_info',
      'table_xinfo',
      'foreign_key_list',
      'index_info',
      'index_list',
      'index_xinfo',
      'foreign_key_check',
      'quick_check',
    ].map((name) =>
      each(
        sql,
        `PRAGMA ${name}`,
        `PRAGMA ${name}(t)`,
        `PRAGMA ${name} = ti`,
        `PRAGMA ${name}('none')`,
        `PRAGMA ${name}(_cf_KV)`,
        `PRAGMA ${name}(3)`,
      ),
    );
  },
  'pragma-table-list'({ sql, storage }) {
    sql.exec('CREATE TABLE t (a) STRICT'.replace('a', 'a TEXT'));
    const before = sql.exec('PRAGMA table_list').toArray();
    storage.kv.put('k', 1);
    return [
      before,
      sql
        .exec('PRAGMA table_list')
        .toArray()
        .map(({ name }) => name)
        .sort(),
      ...each(sql, 'PRAGMA table_list(t)', 'PRAGMA table_list(_cf_KV)'),
    ];
  },
  'pragma-numbers': ({ sql }) =>
    each(
      sql,
      'PRAGMA optimize',
      'PRAGMA optimize = 0x10002',
      'PRAGMA optimize(-1)',
      'PRAGMA optimize = t',
      'PRAGMA data_version',
      'PRAGMA data_version = 1',
      'PRAGMA page_size',
      'PRAGMA page_size = 1024',
      'PRAGMA quick_check(1)',
    ),
  'pragma-others': ({ sql }) =>
    each(
      sql,
      ...(
        'analysis_limit application_id auto_vacuum automatic_index busy_timeout cache_size cache_spill ' +
        'cell_size_check checkpoint_fullfsync collation_list compile_options database_list encoding ' +
        'freelist_count fullfsync function_list hard_heap_limit incremental_vacuum integrity_check ' +
        'journal_mode journal_size_limit locking_mode max_page_count mmap_size module_list page_count ' +
        'pragma_list query_only read_uncommitted schema_version secure_delete shrink_memory ' +
        'soft_heap_limit synchronous temp_store threads trusted_schema user_version wal_autocheckpoint ' +
        'wal_checkpoint writable_schema nonsense'
      )
        .split(' ')
        .map((name) => `PRAGMA ${name}`),
    ),
  'foreign-keys-pragma'({ sql }) {
    sql.exec('CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p REFERENCES p (id))');
    return each(
      sql,
      'PRAGMA foreign_keys = off',
      'PRAGMA foreign_keys',
      'INSERT INTO c VALUES (1)',
      'PRAGMA foreign_key_check',
    );
  },
  async 'foreign-keys-in-transactions'({ sql, storage }) {
    const off = () => void sql.exec('PRAGMA foreign_keys = off');
    const state = async () => {
      await scheduler.wait(1);
      return sql.exec('PRAGMA foreign_keys').one();
    };
    const seen = [await state()];
    await storage.transaction(async () => off());
    seen.push(await state());
    await storage.transaction(async () => {
      await scheduler.wait(1);
      storage.transactionSync(off);
    });
    seen.push(await state());
    storage.transactionSync(off);
    seen.push(await state());
    return seen;
  },
  'case-sensitive-like': ({ sql }) =>
    each(
      sql,
      "SELECT 'a' LIKE 'A'",
      'PRAGMA case_sensitive_like = on',
      "SELECT 'a' LIKE 'A'",
      'PRAGMA case_sensitive_like',
    ),
  defensive: ({ sql }) =>
    each(
      sql,
      'PRAGMA writable_schema = on',
      "UPDATE sqlite_master SET sql = 'x'",
      'DELETE FROM sqlite_schema',
      "INSERT INTO sqlite_schema VALUES ('table', 'x', 'x', 0, 'CREATE TABLE x (a)')",
      'DROP TABLE sqlite_master',
      'CREATE TABLE sqlite_mine (a)',
      'SELECT count(*) FROM sqlite_temp_master',
      'SELECT count(*) FROM main.sqlite_master',
      'SELECT count(*) FROM temp.sqlite_master',
      'CREATE TABLE other.t (x)',
    ),
  'internal-tables'({ sql }) {
    sql.exec(
      'CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT, x); INSERT INTO a (x) VALUES (1)',
    );
    sql.exec('CREATE INDEX ax ON a (x)');
    return each(
      sql,
      'SELECT * FROM sqlite_sequence',
      "UPDATE sqlite_sequence SET seq = 10 WHERE name = 'a'",
      'INSERT INTO a (x) VALUES (2) RETURNING id',
      'DELETE FROM sqlite_sequence',
      'ANALYZE a',
      'SELECT * FROM sqlite_stat1',
      'DELETE FROM sqlite_stat1',
      'DROP TABLE sqlite_sequence',
      'DROP TABLE sqlite_stat1',
    );
  },
  limits: ({ sql }) => [
    outcome(() => sql.exec(`CREATE TABLE w (${repeat(100, 'c#')})`).toArray().length),
    outcome(() => sql.exec(`SELECT ${repeat(101, '#')}`)),
    outcome(() => sql.exec(`SELECT ${repeat(100, '?')}`, ...Array(100).fill(1)).toArray().length),
    outcome(() => sql.exec('SELECT ?100', ...Array(100).fill(1)).toArray().length),
    outcome(() => sql.exec('SELECT ?101')),
    outcome(() => sql.exec(`SELECT ${'('.repeat(99)}1${')'.repeat(99)}`).toArray().length),
    outcome(() => sql.exec(`SELECT ${repeat(100, '#', '+')}`).toArray().length),
    outcome(() => sql.exec(`SELECT ${repeat(101, '#', '+')}`).toArray().length),
    outcome(() => sql.exec(`SELECT ${'-'.repeat(0)}${'NOT '.repeat(101)}1`).toArray().length),
    outcome(() => sql.exec(repeat(5, 'SELECT #', ' UNION ALL ')).toArray().length),
    outcome(() => sql.exec(repeat(6, 'SELECT #', ' UNION ALL ')).toArray().length),
    outcome(() => sql.exec(`VALUES ${repeat(500, '(#)')}`).toArray().length),
    outcome(() => sql.exec(`SELECT max(${repeat(100, '#')})`).toArray().length),
    outcome(() => sql.exec(`SELECT max(${repeat(127, '#')})`).toArray().length),
    outcome(() => sql.exec(`SELECT max(${repeat(128, '#')})`).toArray().length),
    outcome(() => sql.exec(`SELECT 'x' LIKE '${'x'.repeat(50)}'`).toArray().length),
    outcome(() => sql.exec(`SELECT 'x' LIKE '${'x'.repeat(51)}'`).toArray().length),
    outcome(() => sql.exec(`SELECT 'x' GLOB '${'é'.repeat(26)}'`).toArray().length),
    outcome(() =>
      sql
        .exec(`SELECT length('${'x'.repeat(99_980)}')`)
        .raw()
        .toArray(),
    ),
    outcome(() =>
      sql
        .exec(`SELECT length('${'x'.repeat(99_990)}')`)
        .raw()
        .toArray(),
    ),
    outcome(() => sql.exec("SELECT length(printf('%200000s', 'x')) AS n").one().n),
    outcome(() => sql.exec(`SELECT * FROM ${repeat(64, '(SELECT 1)')}`).toArray().length),
    outcome(() => sql.exec(`SELECT * FROM ${repeat(65, '(SELECT 1)')}`).toArray().length),
  ],
  'value-limits'({ sql }) {
    sql.exec('CREATE TABLE t (x, y)');
    const insert = (...bindings) =>
      outcome(() => sql.exec('INSERT INTO t VALUES (?, ?)', ...bindings).rowsWritten);
    return [
      insert('x'.repeat(4_000_000), null),
      insert('x'.repeat(9_000_000), null),
      insert(new Uint8Array(9_000_000), null),
      insert('x'.repeat(5_000_000), 'y'.repeat(5_000_000)),
      insert('é'.repeat(4_300_000), null),
      outcome(() => sql.exec('SELECT sum(length(x)) AS n FROM t').one().n),
      outcome(() => sql.exec('SELECT length(x || x || x) AS n FROM t').one().n),
      outcome(() => sql.exec('SELECT length(randomblob(9000000)) AS n').one().n),
      outcome(
        () =>
          sql.exec("SELECT length(replace(printf('%50000s', 'x'), ' ', 'yyyyyyyyyy')) AS n").one()
            .n,
      ),
    ];
  },
  'trigger-depth'({ sql }) {
    sql.exec(`CREATE TABLE t (x); CREATE TRIGGER r AFTER INSERT ON t WHEN new.x < 20
      BEGIN INSERT INTO t VALUES (new.x + 1); END`);
    return each(
      sql,
      'INSERT INTO t VALUES (1)',
      'SELECT count(*) FROM t',
      'PRAGMA recursive_triggers = on',
      'INSERT INTO t VALUES (12)',
      'SELECT count(*) FROM t',
    );
  },
  'trigger-too-deep'({ sql }) {
    sql.exec(`CREATE TABLE t (x); CREATE TRIGGER r AFTER INSERT ON t WHEN new.x < 20
      BEGIN INSERT INTO t VALUES (new.x + 1); END`);
    return each(
      sql,
      'PRAGMA recursive_triggers = on',
      'INSERT INTO t VALUES (1)',
      'SELECT count(*) FROM t',
    );
  },
  async cascades({ sql }) {
    sql.exec(`CREATE TABLE p (id INTEGER PRIMARY KEY);
      CREATE TABLE c (p REFERENCES p (id) ON DELETE CASCADE ON UPDATE SET NULL);
      CREATE TABLE r (p REFERENCES p (id) ON DELETE RESTRICT);
      CREATE TABLE d (p REFERENCES p (id) DEFERRABLE INITIALLY DEFERRED);
      INSERT INTO p VALUES (1), (2), (3); INSERT INTO c VALUES (1), (2); INSERT INTO r VALUES (3)`);
    return [
      ...each(
        sql,
        'DELETE FROM p WHERE id = 1',
        'UPDATE p SET id = 20 WHERE id = 2',
        'DELETE FROM p WHERE id = 3',
        'SELECT * FROM c',
        'INSERT INTO d VALUES (77)',
        'SELECT * FROM d',
        'PRAGMA foreign_key_check',
        'INSERT INTO p VALUES (77)',
      ),
      await attempt(() => scheduler.wait(1)),
      ...each(sql, 'SELECT * FROM d', 'DROP TABLE p', 'DROP TABLE d'),
    ];
  },
  async 'deferred-in-transaction'({ sql, storage }) {
    sql.exec('CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p REFERENCES p (id))');
    const result = await storage.transaction(async () => {
      sql.exec('PRAGMA defer_foreign_keys = on');
      storage.transactionSync(() => sql.exec('INSERT INTO c VALUES (5)'));
      await scheduler.wait(1);
      const open = sql.exec('PRAGMA defer_foreign_keys').one();
      sql.exec('INSERT INTO p VALUES (5)');
      return open;
    });
    await scheduler.wait(1);
    return [
      result,
      ...each(sql, 'PRAGMA defer_foreign_keys', 'SELECT * FROM c', 'INSERT INTO c VALUES (6)'),
    ];
  },
};

export class Probe extends DurableObject {
  fetch(request) {
    const { storage } = this.ctx;
    return answer(probes, request, { storage, sql: storage.sql });
  }
}

export default {
  fetch: (request, env) => env.PROBE.getByName(request.url).fetch(request),
};
