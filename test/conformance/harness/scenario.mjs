// Scenario: runs one case against one running server and returns what was observed, as lines of text.
//
// A case either has a `request` (one HTTP exchange) or `steps`, an async function that is given a Scenario and drives
// several exchanges. Every exchange is recorded in the order the script made it; the script states no expectation.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { sendRequest } from './http-client.mjs';
import { exchange } from './raw-http.mjs';
import { RawSocket } from './raw-socket.mjs';
import { runStreamExchange, settledMs } from './stream-exchange.mjs';
import { SocketClient } from './socket-client.mjs';

const eventTimeoutMs = 20_000;
const lineCharactersMax = 1_000;

/**
 * @typedef {object} Case
 * @property {string} name begins with the clause it is about
 * @property {import('./http-client.mjs').RequestSpec} [request]
 * @property {(t: Scenario) => Promise<void>} [steps]
 * @property {number} [status] the status the oracle gives; by default any below 500
 * @property {(truth: string[], shown: string[]) => string | undefined} [differs] why the lines of the subject may differ from the
 *   oracle's as they do; undefined: they may not
 */

export class Scenario {
  #target;
  #agent;
  #lines = [];
  #statuses = [];
  #sockets = [];

  /**
   * @param {{port: number, restart(): Promise<void>}} target
   * @param {http.Agent} agent
   */
  constructor(target, agent) {
    this.#target = target;
    this.#agent = agent;
  }

  /** HTTP statuses in the order of the requests. */
  get statuses() {
    return this.#statuses;
  }

  get lines() {
    return this.#lines;
  }

  /** Writes a line of the script's own into the record. */
  note(line) {
    this.#lines.push(shorten(line));
  }

  /**
   * Sends a request and records the answer.
   * @param {string | import('./http-client.mjs').RequestSpec} request a path or a whole request
   * @returns {Promise<string>} the body
   */
  async fetch(request) {
    const spec = typeof request === 'string' ? { path: request } : request;
    const answer = await this.quiet(spec);
    this.note(`${spec.method ?? 'GET'} ${spec.path} -> ${answer.status} ${answer.statusText}`);
    for (const [name, value] of answer.headers) this.note(`  ${name}: ${value}`);
    for (const line of withEmptyFunctions(answer.body).split('\n')) this.note(`  | ${line}`);
    return answer.body;
  }

  /** As fetch(), of a program that connects to its own server. @param {(host: string) => string} pathFor */
  async fetchItself(pathFor) {
    const answer = await this.quiet(pathFor(`127.0.0.1:${this.#target.port}`));
    for (const line of withEmptyFunctions(answer.body).split('\n')) this.note(`  | ${line}`);
  }

  /** Sends several requests at once and records the answers in the order of the requests. */
  async fetchAll(requests) {
    const scenarios = requests.map(() => new Scenario(this.#target, this.#agent));
    await Promise.all(requests.map((request, i) => scenarios[i].fetch(request)));
    for (const { lines, statuses } of scenarios) {
      this.#lines.push(...lines);
      this.#statuses.push(...statuses);
    }
  }

  /** Sends a request whose answer is not part of the record. */
  async quiet(request) {
    const spec = typeof request === 'string' ? { path: request } : request;
    const answer = await sendRequest(this.#agent, this.#target.port, spec);
    this.#statuses.push(answer.status);
    return answer;
  }

  /**
   * Repeats a request until its body contains `text`; records the last answer only.
   * For effects that come in their own time (an alarm, a waitUntil).
   */
  async fetchUntil(request, text) {
    await this.quietUntil(request, text);
    await this.fetch(request);
  }

  /** As fetchUntil(), and records nothing. */
  async quietUntil(request, text) {
    const spec = typeof request === 'string' ? { path: request } : request;
    const deadline = Date.now() + eventTimeoutMs;
    for (;;) {
      const answer = await this.quiet(spec);
      if (answer.body.includes(text) || Date.now() > deadline) break;
      await this.pause(20);
    }
  }

  /**
   * Sends raw bytes on a connection of its own; leave() resets it.
   * @param {string} bytes
   */
  async raw(bytes) {
    const socket = net.connect(this.#target.port, '127.0.0.1');
    this.#sockets.push({ terminate: () => socket.destroy() });
    await once(socket, 'connect');
    socket.on('data', () => {});
    socket.on('error', () => {});
    socket.write(bytes, 'latin1');
    return { leave: () => socket.resetAndDestroy() };
  }

  /**
   * Sends raw requests on a connection of its own and records the answers and the end of it.
   * @param {{parts: string[], methods: string[], showsLength?: boolean, leaves?: 'closes' | 'resets'}} requests
   */
  async exchange({ parts, methods, ...options }) {
    const { port } = this.#target;
    for (const line of await exchange(port, parts, methods, options)) this.note(line);
  }

  /** An exchange with bodies in pieces: what the client saw, and what the program has written down. */
  async exchangeStreams(exchange) {
    for (const line of await runStreamExchange(this.#target.port, exchange)) this.note(line);
    await this.pause(5 * settledMs);
    const { body } = await this.quiet(`/${exchange.plan.name}/log`);
    for (const line of body.split('\n')) this.note(`  | ${line}`);
  }

  /**
   * Opens a WebSocket and records how the handshake went.
   * @param {string} path
   * @param {{protocols?: string[], headers?: Record<string, string>, label?: string}} [options]
   */
  async connect(path, { label = 'ws', ...options } = {}) {
    const socket = new SocketClient(this.#target.port, path, options, eventTimeoutMs);
    this.#sockets.push(socket);
    this.note(`${label} connect ${path}: ${await socket.next()}`);
    return {
      send: (data) => socket.send(data),
      ping: (data) => socket.ping(data),
      close: (code, reason) => socket.close(code, reason),
      terminate: () => socket.terminate(),
      /** Records the next `count` events. */
      next: async (count = 1) => {
        for (let i = 0; i < count; i++) this.note(`${label}: ${await socket.next()}`);
      },
    };
  }

  /**
   * Opens a WebSocket whose frames the script writes itself; it keeps its own record.
   * @param {string} path
   * @param {Buffer} [behind] what is sent with the handshake
   */
  async rawSocket(path, behind) {
    const socket = await RawSocket.connect(this.#target.port, path, behind);
    this.#sockets.push(socket);
    return socket;
  }

  /** Ends the server and starts it again on the same data; not for programs with `concurrent`. */
  async restart() {
    this.note('the server restarts');
    await this.#target.restart();
  }

  /** Lets real time pass: only where the behaviour itself is about time (idle eviction, a retry). */
  pause(ms) {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }

  end() {
    for (const socket of this.#sockets) socket.terminate();
  }
}

/**
 * @param {Case} testCase
 * @param {{port: number, restart(): Promise<void>}} target
 * @returns {Promise<{lines: string[], statuses: number[]}>}
 */
export async function runCase(testCase, target) {
  const agent = new http.Agent({ keepAlive: true });
  const scenario = new Scenario(target, agent);
  try {
    if (testCase.steps) await testCase.steps(scenario);
    else await scenario.fetch(testCase.request);
  } catch (error) {
    scenario.note(`failed: ${error.message}`);
  } finally {
    scenario.end();
    agent.destroy();
  }
  return { lines: scenario.lines, statuses: scenario.statuses };
}

/**
 * Holdfast bundles a Worker with esbuild, which prints `() => {}` over two lines, and the text of a function is part of some errors
 * and values. Both runtimes' empty bodies are therefore shown as `{}`, also inside a JSON string.
 */
function withEmptyFunctions(body) {
  return body.replace(/(=>|\)) \{(?:\s|\\n)*\}/g, '$1 {}');
}

/** A long line by its beginning, length and digest: still compared whole, but readable in a report. */
function shorten(line) {
  if (line.length <= lineCharactersMax) return line;
  const digest = createHash('sha256').update(line).digest('hex').slice(0, 16);
  return `${line.slice(0, 100)}... ${line.length} characters, digest ${digest}`;
}
