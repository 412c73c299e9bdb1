// What /proc says of a server and its children (proc(5)).
'use strict';

const fs = require('node:fs');

const TICKS_PER_SECOND = 100; // USER_HZ, fixed in Linux's interface to user space

/**
 * @param {number} pid
 * @returns {number[]} the process and all below it
 */
function treeOf(pid) {
  const pids = [pid];
  for (const parent of pids) {
    for (const thread of fs.readdirSync(`/proc/${parent}/task`)) {
      const children = fs.readFileSync(`/proc/${parent}/task/${thread}/children`, 'utf8');
      pids.push(...children.split(' ').filter(Boolean).map(Number));
    }
  }
  return pids;
}

/**
 * @param {string} stat the content of /proc/PID/stat
 * @returns {number} milliseconds of CPU: the process and its children that were waited for
 */
function cpuMillisecondsOf(stat) {
  // A name may hold spaces and parentheses. After it: state is field 3, utime 14, stime, cutime, cstime.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return (ticks * 1000) / TICKS_PER_SECOND;
}

/**
 * @param {number} pid
 * @returns {number} milliseconds of CPU of the tree so far
 */
function cpuMilliseconds(pid) {
  return treeOf(pid)
    .map((one) => cpuMillisecondsOf(fs.readFileSync(`/proc/${one}/stat`, 'utf8')))
    .reduce((sum, one) => sum + one, 0);
}

/**
 * @param {number} pid
 * @returns {number} resident bytes of the tree
 */
function residentBytes(pid) {
  return treeOf(pid)
    .map((one) => /^VmRSS:\s+(\d+) kB$/m.exec(fs.readFileSync(`/proc/${one}/status`, 'utf8')))
    .reduce((sum, match) => sum + Number(match?.[1]) * 1024, 0);
}

module.exports = { cpuMilliseconds, cpuMillisecondsOf, residentBytes, treeOf };
