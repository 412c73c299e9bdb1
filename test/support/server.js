// startServer: runs `holdfast start` (or `dev`) as a child process, for tests that talk to it over real connections.
//
// The happy path: the child prints `Ready on http://ADDR:PORT` and the promise resolves.
// The ways it fails: the child exits first, or says nothing for `readyTimeoutMs`. In both cases the promise rejects
// with everything the child wrote, and no process is left behind.
// A child that a failing test forgot is killed when the test process ends.
'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const ROOT = path.resolve(__dirname, '..', '..');
/** The command line under test. HOLDFAST_BIN names another one, for example that of an installed package. */
const BIN = process.env.HOLDFAST_BIN || path.join(ROOT, 'bin', 'holdfast.js');
/** Also as a line in JSON. */
const READY = /^(?:\{.*"message":")?Ready on (http:\/\/[^\s"]+)/m;
const READY_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 20_000;

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
/** @type {Set<string>} */
const directories = new Set();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
  for (const directory of directories) fs.rmSync(directory, { recursive: true, force: true });
});

/**
 * @typedef {object} ServerOptions
 * @property {string} project Directory, config file or entry file; relative paths start at the repository's root.
 * @property {'start' | 'dev'} [command]
 * @property {string[]} [args] More arguments. `--port 0` is put in front unless `--port` is among them.
 * @property {Record<string, string>} [env] Added to the environment of the child.
 * @property {string} [cwd] Working directory of the child; the repository's root by default.
 * @property {number} [readyTimeoutMs] How long to wait for the `Ready` line.
 */

/**
 * @typedef {object} Exit
 * @property {number | null} code
 * @property {NodeJS.Signals | null} signal
 */

/** One running server. */
class Server {
  /** Where it listens, without a slash at the end. */
  url = '';
  /** @type {number} */
  port = 0;
  /** Everything it has written so far. */
  output = { stdout: '', stderr: '' };
  /** @type {Promise<Exit>} */
  exited;
  #child;
  /** @type {Set<() => void>} */
  #watchers = new Set();

  /** @param {import('node:child_process').ChildProcess} child */
  constructor(child) {
    this.#child = child;
    running.add(child);
    child.stdout?.setEncoding('utf8').on('data', (text) => this.#append('stdout', text));
    child.stderr?.setEncoding('utf8').on('data', (text) => this.#append('stderr', text));
    this.exited = new Promise((resolve) => {
      child.on('close', (code, signal) => {
        running.delete(child);
        resolve({ code, signal });
        this.#wake();
      });
    });
  }

  get pid() {
    return /** @type {number} */ (this.#child.pid);
  }

  /** The same address with the WebSocket scheme. */
  get wsUrl() {
    return this.url.replace(/^http/, 'ws');
  }

  /**
   * Drains and ends the server with SIGTERM.
   * @returns {Promise<Exit>}
   */
  async stop() {
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    const exit = await this.exited;
    clearTimeout(timer);
    return exit;
  }

  /**
   * Ends the server at once with SIGKILL, as a crash would.
   * @returns {Promise<Exit>}
   */
  kill() {
    this.#child.kill('SIGKILL');
    return this.exited;
  }

  /**
   * Waits until the server has written something that matches; looks at what it wrote before, too.
   * @param {RegExp} pattern
   * @param {{timeoutMs?: number, stream?: 'stdout' | 'stderr' | 'any'}} [options]
   * @returns {Promise<RegExpExecArray>}
   */
  waitForOutput(pattern, { timeoutMs = READY_TIMEOUT_MS, stream = 'any' } = {}) {
    const { output } = this;
    return new Promise((resolve, reject) => {
      let ended = false;
      const check = () => {
        const text = stream === 'any' ? `${output.stdout}\n${output.stderr}` : output[stream];
        const match = pattern.exec(text);
        if (match) finish(() => resolve(match));
        else if (ended) finish(() => reject(this.#failure(`ended without writing ${pattern}`)));
      };
      const finish = (/** @type {() => void} */ settle) => {
        clearTimeout(timer);
        this.#watchers.delete(check);
        settle();
      };
      const timer = setTimeout(
        () => finish(() => reject(this.#failure(`did not write ${pattern} in ${timeoutMs} ms`))),
        timeoutMs,
      );
      this.#watchers.add(check);
      this.exited.then(() => {
        ended = true;
        check();
      });
      check();
    });
  }

  /** @param {string} what */
  #failure(what) {
    const { stdout, stderr } = this.output;
    return new Error(`The server ${what}.\n--- stdout\n${stdout}\n--- stderr\n${stderr}`);
  }

  /** @param {'stdout' | 'stderr'} stream @param {string} text */
  #append(stream, text) {
    this.output[stream] += text;
    this.#wake();
  }

  #wake() {
    for (const check of [...this.#watchers]) check();
  }
}

/**
 * Starts a server and waits until it accepts connections.
 * @param {ServerOptions} options
 * @returns {Promise<Server>}
 */
async function startServer({
  project,
  command = 'start',
  args = [],
  env = {},
  cwd = ROOT,
  readyTimeoutMs,
}) {
  const port = args.includes('--port') ? [] : ['--port', '0'];
  const target = path.resolve(ROOT, project);
  const child = spawn(process.execPath, [BIN, command, target, ...port, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const server = new Server(child);
  try {
    const ready = await server.waitForOutput(READY, {
      timeoutMs: readyTimeoutMs ?? READY_TIMEOUT_MS,
      stream: 'stdout',
    });
    server.url = ready[1].replace(/\/$/, '');
    server.port = Number(new URL(server.url).port);
    return server;
  } catch (error) {
    await server.kill();
    throw error;
  }
}

/**
 * A fresh directory, removed when the test process ends.
 * @param {string} [name] Shows up in the path.
 * @returns {string}
 */
function temporaryDirectory(name = 'test') {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), `holdfast-${name}-`));
  directories.add(directory);
  return directory;
}

module.exports = { ROOT, Server, startServer, temporaryDirectory };
