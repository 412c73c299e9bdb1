// startMiniflare: runs a project in miniflare, in a process of its own that can be killed.
'use strict';

const { spawn } = require('node:child_process');
const path = require('node:path');
const { Server } = require('../support/server');

/** miniflare and the workerd that it starts die together, as in a terminal that is closed. */
class MiniflareServer extends Server {
  #child;

  /** @param {import('node:child_process').ChildProcess} child */
  constructor(child) {
    super(child);
    this.#child = child;
  }

  stop() {
    this.#child.stdin?.end();
    return this.exited;
  }

  kill() {
    process.kill(-this.pid, 'SIGKILL');
    return this.exited;
  }
}

/**
 * @param {string} project
 * @param {string} state what wrangler calls `.wrangler/state/v3`
 * @returns {Promise<Server>}
 */
async function startMiniflare(project, state) {
  const program = path.join(__dirname, 'miniflare-program.js');
  const child = spawn(process.execPath, [program, project, state], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true, // a process group of its own
  });
  const server = new MiniflareServer(child);
  try {
    const ready = await server.waitForOutput(/^Ready on (http:\/\/\S+)$/m, { stream: 'stdout' });
    server.url = ready[1];
    return server;
  } catch (error) {
    await server.kill();
    throw error;
  }
}

module.exports = { startMiniflare };
