import { DurableObject } from 'cloudflare:workers';
import { answer, attemptSync } from '../probe.js';

/** What each expression gives, alone in a SELECT. */
const values = (sql, ...expressions) =>
  expressions.map(
    (text) => `${text}: ${attemptSync(() => sql.exec(`SELECT ${text} AS v`).one().v).text}`,
  );

const probes = {
  core: (sql) =>
    values(
      sql,
      'abs(-3)',
      'changes() >= 0',
      'char(72, 105)',
      'coalesce(NULL, 1)',
      "concat('a', NULL, 1)",
      "concat_ws('-', 'a', 'b')",
      "format('%05d|%s|%q', 42, 'x', 'it''s')",
      "glob('a*', 'abc')",
      "hex('hi')",
      'ifnull(NULL, 2)',
      'iif(1, 2, 3)',
      "instr('hello', 'l')",
      'last_insert_rowid() >= 0',
      "length('é')",
      "like('A%', 'abc')",
      "like('a!%', 'a%', '!')",
      'likelihood(1, 0.5)',
      'likely(1)',
      "lower('ÀB')",
      "ltrim('  x')",
      'max(1, 2)',
      'min(1, 2)',
      'nullif(1, 1)',
      "octet_length('é')",
      "printf('%.2f', 1.005)",
      "quote(x'ab')",
      'typeof(random())',
      'length(randomblob(5))',
      "replace('aXa', 'X', 'Y')",
      'round(2.5)',
      "rtrim('x  ')",
      'sign(-2)',
      "soundex('Robert')",
      "substr('hello', 2, 3)",
      "substring('hello', -3)",
      'total_changes() >= 0',
      "trim('xax', 'x')",
      'typeof(1.0)',
      "unhex('6869')",
      "unicode('é')",
      'unlikely(0)',
      "upper('ß')",
      'zeroblob(3)',
    ),
  dates: (sql) =>
    values(
      sql,
      "date('2024-02-29', '+1 year')",
      "time('12:34:56.789', 'subsec')",
      "datetime(0, 'unixepoch')",
      "julianday('2000-01-01')",
      "unixepoch('2000-01-01')",
      "strftime('%Y-%W-%j %H:%M:%f', '2024-05-06 07:08:09.123')",
      "timediff('2024-03-01', '2024-02-01')",
      'length(current_date)',
      'length(current_time)',
      'length(current_timestamp)',
      "date('now') = current_date",
      "date('nonsense')",
    ),
  aggregates(sql) {
    sql.exec(
      "CREATE TABLE n (g, x); INSERT INTO n VALUES ('a', 1), ('a', 2), ('b', 4), ('b', NULL)",
    );
    return [
      sql
        .exec(
          `SELECT avg(x), count(x), count(*), group_concat(x), max(x), min(x), string_agg(x, '+'),
           sum(x), total(x), sum(DISTINCT x), count(*) FILTER (WHERE x > 1) FROM n`,
        )
        .raw()
        .toArray(),
      sql.exec('SELECT g, sum(x) AS s FROM n GROUP BY g HAVING s > 3').toArray(),
      attemptSync(() =>
        sql.exec('SELECT sum(v) FROM (SELECT 9223372036854775807 AS v UNION ALL SELECT 1)').one(),
      ),
    ];
  },
  windows: (sql) =>
    sql
      .exec(
        `WITH n (x) AS (VALUES (1), (2), (2), (3))
         SELECT x, row_number() OVER w, rank() OVER w, dense_rank() OVER w, percent_rank() OVER w,
           cume_dist() OVER w, ntile(2) OVER w, lag(x) OVER w, lead(x, 1, 0) OVER w,
           first_value(x) OVER w, last_value(x) OVER w, nth_value(x, 2) OVER w
         FROM n WINDOW w AS (ORDER BY x)`,
      )
      .raw()
      .toArray(),
  math: (sql) =>
    values(
      sql,
      ...'acos acosh asin asinh atan atanh ceil cos cosh degrees exp floor ln log log2 radians sin sinh sqrt tan tanh trunc'
        .split(' ')
        .map((name) => `round(${name}(1), 6)`),
      'round(atan2(1, 2), 6)',
      'log(2, 8)',
      'mod(7, 3)',
      'round(pi(), 6)',
      'pow(2, 0.5) > 1.41',
      'sqrt(-1)',
      'ln(0)',
    ),
  json: (sql) =>
    values(
      sql,
      `json(' {"a" : 1} ')`,
      `hex(jsonb('[1]'))`,
      `json_array(1, 'a', NULL, json('[2]'))`,
      `json(jsonb_array(1, 2))`,
      `json_array_length('[1,2,3]')`,
      `json_array_length('{"a":[1,2]}', '$.a')`,
      `json_extract('{"a":{"b":[1,2]}}', '$.a.b[1]')`,
      `json_extract('[1,2]', '$[0]', '$[#-1]')`,
      `json(jsonb_extract('{"a":[1]}', '$.a'))`,
      `'{"a":"x"}' -> 'a'`,
      `'{"a":"x"}' ->> '$.a'`,
      `'[5,6]' ->> 1`,
      `json_insert('{"a":1}', '$.b', 2)`,
      `json(jsonb_insert('[1]', '$[#]', 2))`,
      `json_object('a', 1, 'b', json('[]'))`,
      `json(jsonb_object('a', 1))`,
      `json_patch('{"a":1,"b":2}', '{"b":null}')`,
      `json(jsonb_patch('{}', '{"x":1}'))`,
      `json_remove('[1,2,3]', '$[1]')`,
      `json(jsonb_remove('{"a":1}', '$.a'))`,
      `json_replace('{"a":1}', '$.a', 'x')`,
      `json(jsonb_replace('{"a":1}', '$.b', 2))`,
      `json_set('{"a":1}', '$.b', json('{"c":1}'))`,
      `json(jsonb_set('{}', '$.x', 1))`,
      `json_type('[1,2.5,"x",null,true]', '$[1]')`,
      `json_valid('{')`,
      `json_valid('{a:1}', 6)`,
      `json_quote('it"s')`,
      `(SELECT json_group_array(value) FROM json_each('[3,1]'))`,
      `(SELECT json_group_object(key, value) FROM json_each('{"a":1,"b":2}'))`,
      `(SELECT json(jsonb_group_array(value)) FROM json_each('[1]'))`,
      `(SELECT json(jsonb_group_object(key, value)) FROM json_each('{"a":1}'))`,
      `(SELECT group_concat(fullkey || '=' || type) FROM json_tree('{"a":[1,{"b":null}]}'))`,
      `json('not json')`,
      `json_extract('{}', 'bad path')`,
      `json_object('a')`,
    ),
  absent: (sql) =>
    values(
      sql,
      'log10(10)',
      'ceiling(1)',
      'power(2, 2)',
      'sqlite_version()',
      'sqlite_source_id()',
      "sqlite_compileoption_used('x')",
      'sqlite_compileoption_get(0)',
      "json_pretty('[]')",
      "json_error_position('[')",
      "unistr('x')",
      "fts5('x')",
      'fts5_source_id()',
      "load_extension('x')",
      'edit(1)',
      "readfile('/etc/passwd')",
      "writefile('x', 'y')",
      'regexp(1, 2)',
      "'a' REGEXP 'b'",
      "'a' MATCH 'b'",
      'rtreenode(1, 2)',
      'rtreedepth(1)',
      'sqlite_log(1, 2)',
    ),
  modules: (sql) =>
    [
      'CREATE VIRTUAL TABLE a USING FTS5(x)',
      'CREATE VIRTUAL TABLE b USING fts5vocab(a, row)',
      'CREATE VIRTUAL TABLE c USING rtree(id, x, y)',
      'CREATE VIRTUAL TABLE d USING RTREE_I32(id, x, y)',
      'CREATE VIRTUAL TABLE e USING fts3(x)',
      'CREATE VIRTUAL TABLE f USING fts4(x)',
      'CREATE VIRTUAL TABLE g USING geopoly(x)',
      'CREATE VIRTUAL TABLE h USING dbstat',
      'CREATE VIRTUAL TABLE i USING unknown',
      'CREATE VIRTUAL TABLE j USING json_each',
      'CREATE VIRTUAL TABLE _cf_k USING fts5(x)',
      'SELECT * FROM sqlite_dbpage',
      'SELECT * FROM sqlite_stmt',
      'SELECT * FROM bytecode(1)',
      'SELECT * FROM pragma_journal_mode',
      'SELECT * FROM pragma_foreign_keys',
      "SELECT name FROM pragma_table_info('a')",
      'SELECT * FROM pragma_function_list',
      'DELETE FROM a_data',
      'DROP TABLE a_data',
      'DROP TABLE a; DROP TABLE c; DROP TABLE d',
    ].map((query) => `${query}: ${attemptSync(() => sql.exec(query).toArray()).text}`),
  fts5(sql) {
    sql.exec(
      "CREATE VIRTUAL TABLE f USING fts5(title, body, tokenize = 'porter unicode61', prefix = '2')",
    );
    sql.exec(
      "INSERT INTO f VALUES ('Running dogs', 'They run fast'), ('Cats', 'A cat sleeps; the dogs do not'), ('Café', 'naïve')",
    );
    const find = (query, columns = 'title') =>
      attemptSync(() =>
        sql
          .exec(`SELECT ${columns} FROM f WHERE f MATCH ? ORDER BY rank, rowid`, query)
          .raw()
          .toArray(),
      );
    return [
      ...[
        'run',
        'dog*',
        'title : dogs',
        '"dogs do"',
        'cat NOT fast',
        'cafe',
        'NEAR(cat dogs, 5)',
        '^cats',
      ].map((query) => find(query)),
      find(
        'dogs',
        "highlight(f, 1, '<', '>'), snippet(f, 1, '[', ']', '..', 3), round(bm25(f), 3) < 0",
      ),
      find('"open'),
      find('nothing : x'),
      attemptSync(() => sql.exec("INSERT INTO f (f) VALUES ('optimize')").rowsWritten),
      attemptSync(() => sql.exec("INSERT INTO f (f) VALUES ('integrity-check')").toArray()),
      attemptSync(() =>
        sql.exec("INSERT INTO f (f, rank) VALUES ('rank', 'bm25(10.0, 5.0)')").toArray(),
      ),
      attemptSync(() => sql.exec("INSERT INTO f (f) VALUES ('nonsense')").toArray()),
      sql.exec("SELECT name FROM sqlite_master WHERE name LIKE 'f%' ORDER BY name").raw().toArray(),
    ];
  },
};

export class Probe extends DurableObject {
  fetch(request) {
    return answer(probes, request, this.ctx.storage.sql);
  }
}

export default {
  fetch: (request, env) => env.PROBE.getByName(request.url).fetch(request),
};
