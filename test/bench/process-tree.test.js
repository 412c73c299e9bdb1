'use strict';

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const {
  cpuMilliseconds,
  cpuMillisecondsOf,
  residentBytes,
  treeOf,
} = require('../../bench/harness/process-tree');

test('CPU time is that of the process and of the children it waited for', () => {
  const before = '42 (a (b) c) S 1 2 3 4 5 6 7 8 9 10';
  expect(cpuMillisecondsOf(`${before} 1 20 300 4000 20 0`)).toBe(43_210);
});

test('a tree holds the children of children', async () => {
  const child = spawn('sh', ['-c', 'sh -c "echo $$; read line; :"; :'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  await once(child.stdout, 'data'); // the grandchild runs
  expect(treeOf(child.pid)).toHaveLength(2);
  expect(treeOf(process.pid)).toEqual(expect.arrayContaining([child.pid, ...treeOf(child.pid)]));
  child.stdin.end();
  await closed;
});

test('this process uses CPU and memory', () => {
  expect(cpuMilliseconds(process.pid)).toBeGreaterThan(0);
  expect(residentBytes(process.pid)).toBeGreaterThan(10 << 20);
});
