// A worker thread that never stops calling objects; says when the first call was answered.
'use strict';

const { parentPort, workerData } = require('node:worker_threads');
const { openCounters } = require('./counter');

(async () => {
  const runtime = await openCounters({ dataDir: workerData.dataDir });
  const stub = runtime.env.COUNTER.getByName('a');
  let calls = 0;
  for (;;) {
    await stub.increment();
    calls += 1;
    if (calls === 1 + workerData.after) parentPort?.postMessage('busy');
  }
})();
