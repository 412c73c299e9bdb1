// Uses a runtime and never closes it: the process must end by itself.
'use strict';

const { openCounters } = require('./counter');

(async () => {
  const runtime = await openCounters({ dataDir: process.argv[2] });
  console.log(await runtime.env.COUNTER.getByName('a').increment());
})();
