import { DurableObject } from 'cloudflare:workers';
import { answer, attempt, attemptSync, show } from '../probe.js';

/** Times and sizes differ from run to run and from file to file; the program `sql/row-counts` is about rows. */
const kUnsteady = ['duration', 'timings', 'size_after', 'served_by', 'rows_read', 'rows_written'];
const steady = (result) => {
  const meta = Object.entries(result.meta).map(([name, value]) => [
    name,
    kUnsteady.includes(name) ? typeof value : value,
  ]);
  return { ...result, meta: Object.fromEntries(meta) };
};
const failed = async (action) => {
  try {
    return await action();
  } catch (error) {
    return [
      error.constructor.name,
      error.message,
      error.cause?.constructor.name,
      error.cause?.message,
    ];
  }
};
const setUp = async (DB) => {
  await DB.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, value)');
  await DB.batch([
    DB.prepare('INSERT INTO t (name, value) VALUES (?, ?)').bind('one', 1),
    DB.prepare('INSERT INTO t (name, value) VALUES (?1, ?2)').bind('two', 2.5),
    DB.prepare('INSERT INTO t (name, value) VALUES (?2, ?1)').bind(null, 'three'),
  ]);
};

const probes = {
  async queries({ DB }) {
    await setUp(DB);
    const all = DB.prepare('SELECT * FROM t ORDER BY id');
    return [
      steady(await all.all()),
      await all.first(),
      await all.first('name'),
      await all.raw(),
      await all.raw({ columnNames: true }),
      steady(await all.run()),
      await DB.prepare('SELECT * FROM t WHERE id = ?').bind(99).first(),
      await DB.prepare('SELECT * FROM t WHERE id = ?').bind(99).first('name'),
      await DB.prepare('SELECT value FROM t WHERE id = 3').first('value'),
      await failed(() => all.first('missing')),
      await DB.prepare('SELECT 1 AS a, 2 AS a').all().then(steady),
      await DB.prepare('SELECT 1 AS a, 2 AS a').raw({ columnNames: true }),
    ];
  },
  async meta({ DB }) {
    await setUp(DB);
    const run = async (sql, ...values) =>
      steady(
        await DB.prepare(sql)
          .bind(...values)
          .run(),
      );
    return [
      await run('INSERT INTO t (name) VALUES (?)', 'four'),
      await run('UPDATE t SET value = 0 WHERE id > 1'),
      await run('DELETE FROM t WHERE id = 1'),
      await run('SELECT count(*) AS n FROM t'),
      await run('INSERT INTO t (name) VALUES (?) RETURNING id, name', 'five'),
      await run('UPDATE t SET value = 0 WHERE id = 1000'),
      await run('CREATE INDEX by_name ON t (name)'),
      await run('PRAGMA table_info(t)'),
    ];
  },
  async values({ DB }) {
    const echo = (...values) =>
      failed(() =>
        DB.prepare(
          `SELECT ${values.map((_, i) => `typeof(?${i + 1}) AS t${i}, ?${i + 1} AS v${i}`)}`,
        )
          .bind(...values)
          .raw(),
      );
    return [
      await echo(1, -1.5, 2 ** 53, 2 ** 31),
      await echo('text', 'ü', ''),
      await echo(true, false, null),
      await echo(NaN, Infinity),
      await echo(
        new Uint8Array([1, 2, 255]),
        new Uint8Array([3]).buffer,
        [4, 5],
        new Uint8Array(0),
      ),
      await echo([256]),
      await echo(['text']),
      await echo(undefined),
      await echo({}),
      await echo(1n),
      await echo(new Date(0)),
      await echo(() => {}),
      await echo(Symbol('s')).then((outcome) => outcome[0]),
      await failed(() => DB.prepare('SELECT ?').all()),
      await failed(() => DB.prepare('SELECT ?').bind(1, 2).all()),
      await failed(() => DB.prepare('SELECT ?, ?').bind(1).all()),
      await failed(() => DB.prepare('SELECT :name AS n').bind(1).raw()),
      await DB.prepare('SELECT 9007199254740993 AS big').first('big'),
    ];
  },
  async errors({ DB }) {
    await setUp(DB);
    return [
      await failed(() => DB.prepare('SELEC').all()),
      await failed(() => DB.prepare('SELECT * FROM missing').all()),
      await failed(() => DB.prepare('INSERT INTO t (id) VALUES (1)').run()),
      await failed(() => DB.prepare('').all()),
      await failed(() => DB.prepare('-- only a comment').all()),
      await failed(() => DB.prepare('SELECT 1; SELECT 2').raw()),
      await failed(() => DB.prepare('SELECT 1;').raw()),
      await failed(() => DB.prepare('BEGIN').run()),
      await failed(() => DB.prepare('SAVEPOINT s').run()),
      await failed(() => DB.prepare('PRAGMA journal_mode').raw()),
      await failed(() => DB.prepare('SELECT * FROM _cf_KV').raw()),
      await failed(() => DB.dump()),
      await failed(() => DB.batch([])),
    ];
  },
  async exec({ DB }) {
    const count = async (sql) => {
      const result = await failed(() => DB.exec(sql));
      return result.duration === undefined
        ? result
        : { ...result, duration: typeof result.duration };
    };
    return [
      await count('CREATE TABLE e (a)'),
      await count(
        'INSERT INTO e VALUES (1);\nINSERT INTO e VALUES (2);\n\n-- comment\nINSERT INTO e VALUES (3)',
      ),
      await count('INSERT INTO e VALUES (4);\nnonsense;\nINSERT INTO e VALUES (5)'),
      await count(''),
      await DB.prepare('SELECT * FROM e').raw(),
    ];
  },
  async batch({ DB }) {
    await setUp(DB);
    const insert = (id) => DB.prepare('INSERT INTO t (id, name) VALUES (?, ?)').bind(id, `n${id}`);
    return [
      (
        await DB.batch([
          insert(10),
          DB.prepare('SELECT id, name FROM t WHERE id >= 10'),
          insert(11),
        ])
      ).map(steady),
      await failed(() => DB.batch([insert(20), insert(10), insert(21)])),
      await DB.prepare('SELECT id FROM t WHERE id >= 10').raw(),
      await failed(() => DB.batch([DB.prepare('SELECT 1')])).then((results) => results.map(steady)),
    ];
  },
  async sessions({ DB }) {
    await setUp(DB);
    const session = DB.withSession();
    const before = session.getBookmark();
    const row = await session.prepare('SELECT name FROM t WHERE id = 1').first();
    const bookmark = session.getBookmark();
    const next = DB.withSession(bookmark);
    return [
      before,
      row,
      typeof bookmark,
      next.getBookmark() === bookmark,
      (await next.batch([next.prepare('SELECT 1 AS one')])).map(steady),
      DB.withSession('first-primary').getBookmark(),
      DB.withSession('  ').getBookmark(),
      typeof session.exec,
    ];
  },
  shape({ DB }) {
    const statement = DB.prepare('SELECT ?');
    return [
      DB.constructor.name,
      String(DB),
      statement.constructor.name,
      statement.bind(1) === statement,
      [statement.bind(1).statement, statement.bind(1).params, statement.params],
      ['prepare', 'batch', 'exec', 'dump', 'withSession'].map((name) => typeof DB[name]),
      attemptSync(() => structuredClone(DB)).text.slice(0, 20),
    ];
  },
  async other({ DB, OTHER }) {
    await setUp(DB);
    return failed(() => OTHER.prepare('SELECT * FROM t').all());
  },
  kept: async ({ DB }) => DB.prepare('SELECT * FROM t').raw(),
  'from-object': ({ OBJECT }) => OBJECT.getByName('a').run(),
};

export class Holder extends DurableObject {
  async run() {
    await this.ctx.storage.put('n', 1);
    const { DB } = this.env;
    await DB.exec('CREATE TABLE o (a)');
    await DB.prepare('INSERT INTO o VALUES (?)').bind(7).run();
    return show(await attempt(() => DB.prepare('SELECT * FROM o').first()));
  }
}

export default {
  async fetch(request, env) {
    if (!request.url.includes('keep'))
      for (const table of ['t', 'e', 'o']) await env.DB.exec(`DROP TABLE IF EXISTS ${table}`);
    return answer(probes, request, env);
  },
};
