// Server: one project being served: its runtime, its address, and how it ends or is replaced.
'use strict';

const path = require('node:path');
const { listenError } = require('./messages');

const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = 8787;
const kDayMs = 24 * 60 * 60 * 1000;

/** @typedef {import('../config/load-config').ResolvedConfig} ResolvedConfig */
/** @typedef {import('../build/bundle').Build} Build */
/** @typedef {import('./options').ServeOptions} ServeOptions */

/**
 * @typedef {object} Runtime
 * @property {(address: object) => Promise<{url: string, port: number}>} listen
 * @property {() => Promise<void>} close Drains.
 */

/** @typedef {(options: {config: ResolvedConfig, build: Build, dataDir: string, idleEvictionMs?: number, retentionMs?: number, trustedProxies?: number}) => Promise<Runtime>} CreateRuntime */

/**
 * Where objects are stored unless the command line says otherwise.
 * @param {Pick<ResolvedConfig, 'projectDir'>} config
 */
const dataDirOf = ({ projectDir }) => path.resolve(projectDir, '.holdfast');

class Server {
  #createRuntime;
  #options;
  /** @type {Runtime | undefined} */
  #runtime;
  /** The port of the first run; later ones must get the same. @type {number | undefined} */
  #port;
  #closed = false;

  /** @param {CreateRuntime} createRuntime @param {ServeOptions} options */
  constructor(createRuntime, options) {
    this.#createRuntime = createRuntime;
    this.#options = options;
  }

  /**
   * Starts, or replaces what runs: the old runtime drains first, as both would own the same data.
   * @param {ResolvedConfig} config
   * @param {Build} build
   * @returns {Promise<string>} `http://ADDR:PORT`
   */
  async run(config, build) {
    await this.#closeRuntime();
    const { dataDir, idleEvictionMs, retentionDays, trustedProxies } = this.#options;
    const runtime = await this.#createRuntime({
      config,
      build,
      dataDir: dataDir === undefined ? dataDirOf(config) : path.resolve(dataDir),
      ...(idleEvictionMs === undefined ? {} : { idleEvictionMs }),
      ...(trustedProxies === undefined ? {} : { trustedProxies }),
      ...(retentionDays === undefined ? {} : { retentionMs: retentionDays * kDayMs }),
    });
    this.#runtime = runtime;
    if (this.#closed) {
      await this.#closeRuntime();
      throw new Error('The server was stopped while it started.');
    }
    const host = this.#options.host ?? config.dev.ip ?? DEFAULT_HOST;
    const port = this.#port ?? this.#options.port ?? config.dev.port ?? DEFAULT_PORT;
    try {
      const address = await runtime.listen(addressOf(this.#options, port, host));
      this.#port = address.port ?? Number(new URL(address.url).port);
      return address.url.replace(/\/$/, '');
    } catch (error) {
      await this.#closeRuntime();
      const isFile = this.#options.socket !== undefined || this.#options.tlsCert !== undefined;
      throw isFile ? error : listenError(error, host, port);
    }
  }

  /** Drains and ends. */
  async close() {
    this.#closed = true;
    await this.#closeRuntime();
  }

  async #closeRuntime() {
    const runtime = this.#runtime;
    this.#runtime = undefined;
    await runtime?.close();
  }
}

/** @param {ServeOptions} options @param {number} port @param {string} host */
function addressOf({ socket, reusePort, tlsCert, tlsKey }, port, host) {
  if ((tlsCert === undefined) !== (tlsKey === undefined))
    throw new Error('--tls-cert and --tls-key belong together.');
  return {
    ...(socket === undefined ? { port, host } : { path: socket }),
    ...(reusePort ? { reusePort } : {}),
    ...(tlsCert === undefined ? {} : { tls: { certFile: tlsCert, keyFile: tlsKey } }),
  };
}

module.exports = { DEFAULT_HOST, DEFAULT_PORT, dataDirOf, Server };
