// A worker thread that says so and then stays in one native call: a query with many rows of bytes.
'use strict';

const { parentPort } = require('node:worker_threads');
const { createRuntime } = require('../../..');
const { DurableObject } = require('../../../lib/workers');

class Deep extends DurableObject {
  read() {
    const rows = `WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 5000000)
      SELECT zeroblob(8) FROM n`;
    const cursor = this.ctx.storage.sql.exec(rows);
    parentPort?.postMessage('busy');
    return cursor.toArray().length;
  }
}

(async () => {
  const runtime = await createRuntime({ durableObjects: { DEEP: Deep } });
  await runtime.env.DEEP.getByName('a').read();
})();
