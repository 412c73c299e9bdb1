// sql.js: statements that a seed determines, over three tables whose columns are a, b and c.

const tables = ['t0', 't1', 't2'];
const columns = ['a', 'b', 'c'];
const schemas = [
  '(a, b, c)',
  '(a INTEGER PRIMARY KEY, b TEXT, c REAL)',
  '(a INTEGER PRIMARY KEY AUTOINCREMENT, b, c)',
  '(a TEXT PRIMARY KEY, b INTEGER NOT NULL, c BLOB) WITHOUT ROWID',
  "(a INT UNIQUE, b TEXT DEFAULT (upper('x') || 1), c NUMERIC CHECK (c < 100))",
  '(a INTEGER, b TEXT, c ANY, PRIMARY KEY (a, b)) STRICT',
  '(a INT, b INT GENERATED ALWAYS AS (a * 2), c INT GENERATED ALWAYS AS (a + 1) STORED)',
  '(a COLLATE NOCASE, b COLLATE RTRIM, c, UNIQUE (a, b) ON CONFLICT REPLACE)',
  '(a INT REFERENCES t0 (a), b, c)',
];
const literals = [
  'NULL',
  '0',
  '1',
  '-7',
  '2.5',
  '1e300',
  "'x'",
  "'Héllo'",
  "''",
  "x'00ff'",
  '9007199254740993',
  "'12'",
  '9e999',
  'TRUE',
];
const functions = [
  ['abs', 1],
  ['length', 1],
  ['upper', 1],
  ['hex', 1],
  ['typeof', 1],
  ['coalesce', 2],
  ['ifnull', 2],
  ['nullif', 2],
  ['substr', 3],
  ['instr', 2],
  ['round', 2],
  ['quote', 1],
  ['trim', 1],
  ['replace', 3],
  ['unicode', 1],
  ['char', 2],
  ['max', 2],
  ['min', 2],
  ['iif', 3],
  ['json', 1],
  ['json_type', 1],
  ['json_array', 2],
  ['json_quote', 1],
  ['printf', 2],
  ['glob', 2],
  ['likely', 1],
  ['sign', 1],
  ['zeroblob', 1],
  ['date', 1],
  ['julianday', 1],
  ['unhex', 1],
  ['octet_length', 1],
  ['concat', 2],
  ['sqlite_version', 0],
  ['last_insert_rowid', 0],
  ['load_extension', 1],
  ['nonsense', 1],
  ['last_insert_rowid', 0],
  ['load_extension', 1],
  ['nonsense', 1],
];
const aggregates = [
  'count(*)',
  'sum(a)',
  'total(b)',
  'avg(c)',
  'min(a)',
  'max(b)',
  'group_concat(a)',
  'json_group_array(b)',
  'count(DISTINCT c)',
  "string_agg(b, ';')",
];

const column = (r) => r.pick(columns);

function expression(r, depth = 2) {
  if (depth === 0 || r.chance(30)) return r.chance(50) ? column(r) : r.pick(literals);
  const sub = () => expression(r, depth - 1);
  return r.weighted([
    [
      4,
      () =>
        `${sub()} ${r.pick(['+', '-', '*', '/', '%', '||', '=', '<', '<>', '>=', 'AND', 'OR', 'IS', 'IS NOT', '<<', '&', '|', '->>', 'LIKE', 'GLOB'])} ${sub()}`,
    ],
    [4, () => call(r, sub)],
    [1, () => `CASE WHEN ${sub()} THEN ${sub()} ELSE ${sub()} END`],
    [1, () => `${sub()} IN (${sub()}, ${sub()})`],
    [1, () => `${sub()} BETWEEN ${sub()} AND ${sub()}`],
    [1, () => `CAST(${sub()} AS ${r.pick(['INTEGER', 'TEXT', 'REAL', 'BLOB', 'NUMERIC'])})`],
    [1, () => `-(${sub()})`],
    [1, () => `(${sub()}) COLLATE NOCASE`],
    [1, () => `(SELECT ${sub()} FROM ${r.pick(tables)} ORDER BY 1 LIMIT 1)`],
  ])();
}

function call(r, sub) {
  const [name, count] = r.pick(functions);
  return `${name}(${Array.from({ length: count }, sub).join(', ')})`;
}

const where = (r) => (r.chance(50) ? ` WHERE ${expression(r)}` : '');
const returning = (r) => (r.chance(25) ? ' RETURNING *' : '');
const order = ' ORDER BY 1, 2, 3';

function select(r) {
  const table = r.pick(tables);
  return r.weighted([
    [6, () => `SELECT a, b, c FROM ${table}${where(r)}${order}`],
    [
      4,
      () =>
        `SELECT ${expression(r)}, ${expression(r)} AS x, ${r.pick(['1', '*', "'k' AS x"])} FROM ${table}${where(r)} ORDER BY 1, 2`,
    ],
    [3, () => `SELECT ${r.pick(aggregates)} AS n, ${r.pick(aggregates)} FROM ${table}${where(r)}`],
    [
      2,
      () =>
        `SELECT a, ${r.pick(aggregates)} FROM ${table} GROUP BY a HAVING ${expression(r, 1)} ORDER BY 1, 2`,
    ],
    [
      2,
      () =>
        `SELECT * FROM ${table} AS x ${r.pick(['JOIN', 'LEFT JOIN', 'CROSS JOIN', 'NATURAL JOIN'])} ${r.pick(tables)} AS y${r.chance(50) ? ' USING (a)' : ''} ORDER BY 1, 2, 3 LIMIT 5`,
    ],
    [
      1,
      () =>
        `SELECT a, row_number() OVER (ORDER BY a, b, c), lag(b) OVER (ORDER BY a, b, c) FROM ${table} ORDER BY 1, 2`,
    ],
    [
      1,
      () =>
        `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${r.below(9)}) SELECT i, ${expression(r, 0).replace(/^[abc]$/, 'i')} FROM n`,
    ],
    [
      1,
      () =>
        `SELECT a FROM ${table} ${r.pick(['UNION', 'UNION ALL', 'EXCEPT', 'INTERSECT'])} SELECT b FROM ${r.pick(tables)} ORDER BY 1 LIMIT 6`,
    ],
    [1, () => `SELECT ${expression(r, 3)}`],
    [1, () => `VALUES (1, 'a'), (${r.pick(literals)}, NULL)`],
    [
      1,
      () =>
        `SELECT key, value, type FROM json_each('{"p": [1, 2.5, null], "q": "x"}', ${r.pick(["'$'", "'$.p'", "'nope'"])})`,
    ],
    [
      1,
      () =>
        `SELECT type, name, tbl_name FROM sqlite_master WHERE name LIKE '__' OR name LIKE '__t_' ORDER BY 1, 2`,
    ],
  ])();
}

function change(r) {
  const table = r.pick(tables);
  const value = () => r.pick([...literals, '?', '?']);
  return r.weighted([
    [
      8,
      () =>
        `INSERT${r.pick(['', '', '', ' OR IGNORE', ' OR REPLACE', ' OR ABORT', ' OR FAIL'])} INTO ${table} (a, b, c) VALUES (${value()}, ${value()}, ${value()})${returning(r)}`,
    ],
    [
      2,
      () =>
        `INSERT INTO ${table} SELECT a, b, c FROM ${r.pick(tables)}${where(r)} LIMIT 3${returning(r)}`.replace(
          / LIMIT 3/,
          '',
        ),
    ],
    [
      1,
      () =>
        `INSERT INTO ${table} (a) VALUES (${value()}) ON CONFLICT (a) DO UPDATE SET b = excluded.a${returning(r)}`,
    ],
    [1, () => `INSERT INTO ${table} DEFAULT VALUES${returning(r)}`],
    [4, () => `UPDATE ${table} SET ${column(r)} = ${expression(r, 1)}${where(r)}${returning(r)}`],
    [2, () => `DELETE FROM ${table}${where(r)}${returning(r)}`],
  ])();
}

function shape(r) {
  const table = r.pick(tables);
  return r.weighted([
    [3, () => `CREATE TABLE ${r.pick(['', 'IF NOT EXISTS '])}${table} ${r.pick(schemas)}`],
    [1, () => `DROP TABLE ${r.pick(['', 'IF EXISTS '])}${table}`],
    [
      1,
      () =>
        `CREATE ${r.pick(['', 'UNIQUE '])}INDEX ${r.pick(['', 'IF NOT EXISTS '])}i_${table} ON ${table} (${expression(r, 1)})`,
    ],
    [1, () => `DROP INDEX IF EXISTS i_${table}`],
    [1, () => `CREATE VIEW IF NOT EXISTS v_${table} AS SELECT a, b || c AS x FROM ${table}`],
    [
      1,
      () =>
        `CREATE TRIGGER IF NOT EXISTS g_${table} AFTER INSERT ON ${table} BEGIN UPDATE ${r.pick(tables)} SET c = 5 WHERE b = new.b; END`,
    ],
    [
      1,
      () =>
        `ALTER TABLE ${table} ADD COLUMN d ${r.pick(['', 'DEFAULT 7', 'NOT NULL', 'REFERENCES t0'])}`,
    ],
    [1, () => `ALTER TABLE ${table} RENAME COLUMN d TO e`],
    [1, () => `ALTER TABLE ${table} RENAME TO t9`],
    [1, () => 'ALTER TABLE t9 RENAME TO t1'],
    [1, () => `CREATE TABLE t${r.below(3)} AS SELECT 1 AS a, 2 AS b, 3 AS c`],
    [1, () => 'CREATE TEMP TABLE temporary (a)'],
    [1, () => 'CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (a, b)'],
    [1, () => "INSERT INTO words VALUES ('one two', 'three')"],
    [1, () => "SELECT a, highlight(words, 0, '<', '>') FROM words WHERE words MATCH 'two'"],
  ])();
}

const others = [
  '',
  ';',
  '-- nothing',
  '/* open',
  'SELECT',
  'SELECT 1; SELECT 2',
  'SELECT 1;;',
  'SELECT 1; -- end',
  'nonsense',
  "SELECT 'open",
  'BEGIN',
  'COMMIT',
  'SAVEPOINT s',
  'ROLLBACK',
  'VACUUM',
  "ATTACH ':memory:' AS m",
  'DETACH main',
  'REINDEX',
  'ANALYZE',
  'PRAGMA table_info(t0)',
  'PRAGMA foreign_keys',
  'PRAGMA foreign_keys = OFF',
  'PRAGMA defer_foreign_keys = ON',
  'PRAGMA user_version',
  'PRAGMA user_version = 3',
  'PRAGMA journal_mode',
  'PRAGMA table_list',
  'PRAGMA index_list(t1)',
  'PRAGMA foreign_key_check',
  'PRAGMA quick_check',
  'PRAGMA integrity_check',
  'PRAGMA case_sensitive_like = ON',
  'PRAGMA case_sensitive_like = OFF',
  'PRAGMA encoding',
  'PRAGMA optimize',
  'PRAGMA recursive_triggers',
  'PRAGMA ignore_check_constraints = ON',
  'PRAGMA ignore_check_constraints = OFF',
  'PRAGMA legacy_alter_table = OFF',
  'PRAGMA writable_schema = ON',
  'PRAGMA function_list(abs)',
  'EXPLAIN SELECT 1',
  'EXPLAIN QUERY PLAN SELECT 1',
  'SELECT * FROM _cf_KV',
  'CREATE TABLE _cf_x (a)',
  'DROP TABLE _cf_KV',
  'SELECT * FROM sqlite_sequence',
  'DELETE FROM sqlite_sequence',
  'INSERT INTO sqlite_master VALUES (1)',
  'CREATE TABLE sqlite_x (a)',
  "SELECT * FROM pragma_table_info('t0')",
  'SELECT * FROM missing',
  'SELECT ?',
  'SELECT ?1, ?1',
  'SELECT ?2',
  'SELECT :a, :a, @b',
  'SELECT $a',
  'SELECT 1 AS "a b", 2 AS ""',
  'SELECT max(1, 2), min()',
  'SELECT "a"',
  'SELECT a.b.c.d',
  'CREATE TABLE x.y (a)',
  'SELECT 1 LIMIT -1',
  "SELECT 1 WHERE 'a' MATCH 'b'",
];

/** @param {import('../random.js').Random} r @returns {string} */
export function statement(r) {
  return r.weighted([
    [6, () => select(r)],
    [6, () => change(r)],
    [3, () => shape(r)],
    [2, () => r.pick(others)],
  ])();
}

/** Two tables of this run, so that most statements find them. */
export function firstTables(r) {
  return ['t0', 't1'].map((table) => `CREATE TABLE IF NOT EXISTS ${table} ${r.pick(schemas)}`);
}
