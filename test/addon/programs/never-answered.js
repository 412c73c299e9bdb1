// Leaves in the middle of a call.
'use strict';

const { openCounters } = require('./counter');

(async () => {
  const runtime = await openCounters({ dataDir: process.argv[2] });
  const stub = runtime.env.COUNTER.getByName('a');
  console.log(await stub.increment());
  stub.never().catch(() => {});
  process.exit(7);
})();
