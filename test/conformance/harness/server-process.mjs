// ServerProcess: one runtime under test as a child process.
//
// `stop()` asks with the given signal and insists with SIGKILL when the child has not left after `stopTimeoutMs`.
import { spawn } from 'node:child_process';

const startTimeoutMs = 60_000;
const stopTimeoutMs = 10_000;
const logCharactersMax = 4_000;

/** Servers that run now. None may outlive the harness. */
const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export class ServerProcess {
  #child;
  #log = '';
  #exit;

  /**
   * @param {string} workDir the working directory
   * @param {string} command
   * @param {string[]} args
   * @param {import('node:child_process').StdioOptions} stdio
   */
  constructor(workDir, command, args, stdio) {
    this.#child = spawn(command, args, { cwd: workDir, stdio });
    running.add(this.#child);
    this.#exit = new Promise((resolve) => {
      this.#child.once('error', (error) => resolve(`could not start: ${error.message}`));
      this.#child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    });
    this.#exit.then(() => running.delete(this.#child));
    this.#child.stderr.on('data', (chunk) => this.#record(chunk));
    this.#child.stdout.on('data', (chunk) => this.#record(chunk));
  }

  /** The end of what the server printed. */
  get log() {
    return this.#log;
  }

  /**
   * Waits until the readable `fd` of the child has printed a line that `match` accepts.
   * @template T
   * @param {number} fd
   * @param {(line: string) => T | undefined} match
   * @returns {Promise<T>} rejects when the child ends first or is too slow
   */
  async waitForLine(fd, match) {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`not ready in ${startTimeoutMs} ms\n${this.#log}`)),
        startTimeoutMs,
      );
    });
    const gone = this.#exit.then((how) => {
      throw new Error(`ended before it was ready (${how})\n${this.#log}`);
    });
    try {
      return await Promise.race([this.#readUntil(fd, match), late, gone]);
    } finally {
      clearTimeout(timer);
      gone.catch(() => {});
    }
  }

  /**
   * Ends the server.
   * @param {NodeJS.Signals | 'end of input'} signal
   * @returns {Promise<string>} how it ended: "exit code 0", "SIGKILL", ...
   */
  async stop(signal) {
    if (signal === 'end of input') this.#child.stdin.end();
    else this.#child.kill(signal);
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), stopTimeoutMs);
    const how = await this.#exit;
    clearTimeout(timer);
    return how;
  }

  #readUntil(fd, match) {
    let resolve;
    const promise = new Promise((r) => (resolve = r));
    let text = '';
    this.#child.stdio[fd].on('data', (chunk) => {
      text += chunk;
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        const found = match(line);
        if (found !== undefined) resolve(found);
      }
    });
    return promise;
  }

  #record(chunk) {
    this.#log = (this.#log + chunk).slice(-logCharactersMax);
  }
}
