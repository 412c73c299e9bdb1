// Runs all cases of one program on one runtime.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCase } from './scenario.mjs';

/**
 * @typedef {object} RunningServer
 * @property {number} port
 * @property {import('./server-process.mjs').ServerProcess} process
 * @property {{signal: NodeJS.Signals | 'end of input', ends: string}} stop what ends it, and how it then must end
 *
 * @typedef {(program: import('./programs.mjs').Program, workDir: string) => Promise<RunningServer>} Start
 * @typedef {{lines: string[], statuses: number[]}} Observation
 * @typedef {{observations: Map<string, Observation>, failure: string | null, log: string}} ProgramRun
 */

/** The server of one program: started, restarted on the same data, and stopped. */
class Target {
  #program;
  #start;
  #workDir;
  #server;

  constructor(program, start, workDir) {
    this.#program = program;
    this.#start = start;
    this.#workDir = workDir;
  }

  get port() {
    return this.#server.port;
  }

  get log() {
    return this.#server.process.log;
  }

  async start() {
    this.#server = await this.#start(this.#program, this.#workDir);
  }

  /** Rejects when the server does not end as it must. */
  async stop() {
    const { process: server, stop } = this.#server;
    const how = await server.stop(stop.signal);
    if (how === stop.ends) return;
    throw new Error(`the server ended with ${how}, not ${stop.ends}\n${server.log}`);
  }

  /** Rejects also when the server does not come back. Its port changes. */
  async restart() {
    await this.stop();
    await this.start();
  }
}

/**
 * @param {import('./programs.mjs').Program} program
 * @param {Start} start
 * @param {(name: string) => boolean} selects which cases to run
 * @returns {Promise<ProgramRun>} never rejects: a server that does not start or stop is a `failure`
 */
export async function runProgram(program, start, selects) {
  const observations = new Map();
  const workDir = await mkdtemp(path.join(tmpdir(), 'conformance-'));
  const target = new Target(program, start, workDir);
  try {
    await target.start();
    const run = async (testCase) => {
      observations.set(testCase.name, await runCase(testCase, target));
    };
    const cases = program.cases.filter(({ name }) => selects(name));
    if (program.config.concurrent) await Promise.all(cases.map(run));
    else for (const testCase of cases) await run(testCase);
    await target.stop();
    return { observations, failure: null, log: target.log };
  } catch (error) {
    return { observations, failure: error.message, log: '' };
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}
