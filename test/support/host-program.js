/* global afterEach, expect */
'use strict';
// Starts test/lib/http/programs/host.js, a program with the runtime inside; what was started ends after each test.

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const path = require('node:path');

const HOST = path.join(__dirname, '../lib/http/programs/host.js');

/** @type {Array<() => unknown>} */
const cleanups = [];
afterEach(async () => {
  for (const step of cleanups.splice(0).reverse()) await step();
});

/** @param {() => unknown} step */
const atEnd = (step) => void cleanups.push(step);

/**
 * Starts the program; it must end well when it is asked to.
 * @param {string} kind
 * @param {string[]} [files]
 */
async function start(kind, files = []) {
  const child = spawn(process.execPath, [HOST, kind, ...files], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const host = {
    port: 0,
    output: '',
    /** Asks it to end, once. */
    end() {
      if (!child.killed) child.kill('SIGTERM');
    },
  };
  child.stderr.on('data', (text) => (host.output += text));
  const exited = once(child, 'exit');
  atEnd(async () => {
    host.end();
    expect(await exited).toEqual([0, null]);
  });
  for await (const text of child.stdout) {
    host.output += text;
    const port = /^port (\d+)$/m.exec(host.output);
    if (!port) continue;
    host.port = Number(port[1]);
    return host;
  }
  throw new Error(`the program ended: ${host.output}`);
}

module.exports = { atEnd, start };
