// S4.5.11: a result that the heap cannot hold is refused, and the process goes on.
'use strict';

const { execFile } = require('node:child_process');
const path = require('node:path');
const { promisify } = require('node:util');
const { makeProject, removeProjects } = require('../../support/project-files');

const PROGRAM = path.join(__dirname, 'programs/large-result.js');
const HEAP_MB = 256;
const ROW_BYTES = 2048;
/** Twice of what fits. */
const ROWS = (2 * HEAP_MB * 2 ** 20) / ROW_BYTES;

const config = JSON.stringify({
  name: 'large',
  main: 'worker.mjs',
  compatibility_date: '2026-11-01',
  durable_objects: { bindings: [{ name: 'TABLE', class_name: 'Table' }] },
  migrations: [{ tag: 'v1', new_sqlite_classes: ['Table'] }],
});

const worker = (/** @type {string} */ collect) => `
  import { DurableObject } from 'cloudflare:workers';
  const query =
    "WITH RECURSIVE t(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM t LIMIT ?) SELECT i, printf('%.${ROW_BYTES}c', 'x') AS text FROM t";
  export class Table extends DurableObject {
    fetch() {
      const { sql } = this.ctx.storage;
      const all = (rows) => ${collect};
      const lines = [];
      try {
        lines.push(all(${ROWS}).length);
      } catch (error) {
        lines.push(String(error));
      }
      let rows = 0;
      for (const row of sql.exec(query, ${ROWS})) rows += 1;
      lines.push(rows, all(1000).length);
      return Response.json(lines);
    }
  }
  export default { fetch: (request, env) => env.TABLE.getByName('one').fetch(request) };`;

afterAll(removeProjects);

test.each([
  ['toArray()', 'sql.exec(query, rows).toArray()'],
  ['raw().toArray()', 'sql.exec(query, rows).raw().toArray()'],
])('%s of more rows than the heap holds', async (_name, collect) => {
  const folder = makeProject({ 'wrangler.json': config, 'worker.mjs': worker(collect) });
  const { stdout } = await promisify(execFile)(process.execPath, [
    `--max-old-space-size=${HEAP_MB}`,
    PROGRAM,
    path.join(folder, 'wrangler.json'),
  ]);
  expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toEqual([
    expect.stringMatching(
      /^Error: SQL query result set is too large to fit in memory\. Use a streaming iterator /,
    ),
    ROWS,
    1000,
  ]);
});
