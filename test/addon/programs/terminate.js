// Ends worker threads in the middle of their turns; a crash of the process is the failure.
'use strict';

const path = require('node:path');
const { Worker } = require('node:worker_threads');
const { openCounters } = require('./counter');

(async () => {
  const main = await openCounters();
  for (let round = 0; round < 10; round += 1) {
    const dataDir = path.join(process.argv[2], String(round));
    const worker = new Worker(path.join(__dirname, 'busy-worker.js'), {
      workerData: { dataDir, after: 7 * round },
    });
    await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    await worker.terminate();
    // What the worker held is free again, and what it wrote is there.
    const again = await openCounters({ dataDir });
    const value = await again.env.COUNTER.getByName('a').increment();
    if (value <= 1 + 7 * round) throw new Error(`Round ${round}: ${value}`);
    await again.close();
  }
  console.log(await main.env.COUNTER.getByName('a').increment());
  await main.close();
})();
