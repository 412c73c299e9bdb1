// Ends worker threads that are in the middle of a native call; a crash of the process is the failure.
'use strict';

const path = require('node:path');
const { Worker } = require('node:worker_threads');

(async () => {
  for (let round = 0; round < 3; round += 1) {
    const worker = new Worker(path.join(__dirname, 'deep-worker.js'));
    await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    await worker.terminate();
  }
  console.log('ended');
})();
