// Rows beyond what the heap of this process holds: prints what toArray() of them throws, how many a loop reads, and what a smaller
// result gives afterwards. usage: node --max-old-space-size=N large-result.js CONFIG
'use strict';

const { createRuntime } = require('../../../..');

async function main() {
  const runtime = await createRuntime({ config: process.argv[2] });
  const response = await runtime.fetch('http://localhost/');
  console.log(await response.text());
  await runtime.close();
}

main();
