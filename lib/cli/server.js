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
 * @property {(code: {config: ResolvedConfig[], build: Build[]}) => Promise<boolean>} reload false: this code needs a new runtime
 * @property {() => Promise<void>} reloadAssets
 * @property {(error: Error | undefined) => void} [showProblem]
 * @property {() => Promise<void>} close Drains.
 */

/**
 * @typedef {object} CreateOptions
 * @property {ResolvedConfig[]} config
 * @property {Build[]} build
 * @property {string} dataDir
 * @property {number} [idleEvictionMs]
 * @property {number} [retentionMs]
 * @property {boolean} [compression]
 * @property {boolean} [development]
 * @property {number} [trustedProxies]
 * @property {boolean} [deleteClasses]
 * @property {boolean} [adoptMigrations]
 * @property {import('../admin/admin-server').AdminOptions} [admin]
 * @property {import('../mail/outbox').MailOptions} [mail]
 */

/** @typedef {(options: CreateOptions) => Promise<Runtime>} CreateRuntime */

/**
 * Where objects are stored unless the command line says otherwise.
 * @param {Pick<ResolvedConfig, 'dataParent'>} config
 */
const dataDirOf = ({ dataParent }) => path.resolve(dataParent, '.holdfast');

/** @param {ServeOptions} options @returns {{admin?: import('../admin/admin-server').AdminOptions}} off unless asked for */
function adminOf({ adminPort: port, adminHost: host, adminSocket: path }) {
  if (port === undefined && host === undefined && path === undefined) return {};
  return { admin: { port, host, path } };
}

/**
 * The environment may say it, too: a command line can be read by everybody on the machine, and such an address may have a password.
 * @param {ServeOptions} options
 * @returns {{mail?: import('../mail/outbox').MailOptions}}
 */
function mailOf({ smtp = process.env.HOLDFAST_SMTP_URL }) {
  return smtp ? { mail: { smtp } } : {};
}

class Server {
  #createRuntime;
  #options;
  #confirm;
  /** @type {Runtime | undefined} */
  #runtime;
  /** The port of the first run; later ones must get the same. @type {number | undefined} */
  #port;
  #url = '';
  #dataDir = '';
  #closed = false;

  /**
   * @param {CreateRuntime} createRuntime
   * @param {ServeOptions} options
   * @param {(question: string) => Promise<boolean>} [confirm] Asks the user; without it nothing is confirmed.
   */
  constructor(createRuntime, options, confirm) {
    this.#createRuntime = createRuntime;
    this.#options = options;
    this.#confirm = confirm;
  }

  /**
   * Starts, or puts new code in the place of what runs. Code whose migrations change stored data gets a new runtime; the old one
   * drains first, as both would own the same data.
   * @param {ResolvedConfig[]} configs the first takes the requests
   * @param {Build[]} builds
   * @returns {Promise<string>} `http://ADDR:PORT`
   */
  async run(configs, builds) {
    const [config] = configs;
    const { idleEvictionMs, retentionDays, compression, trustedProxies } = this.#options;
    const { deleteClasses, adoptMigrations, development } = this.#options;
    const dataDir = path.resolve(this.#options.dataDir ?? dataDirOf(config));
    const code = { config: configs, build: builds };
    if (dataDir === this.#dataDir && (await this.#runtime?.reload(code))) return this.#url;
    await this.#closeRuntime();
    this.#dataDir = dataDir;
    const runtime = await this.#create({
      ...code,
      dataDir,
      ...(development === undefined ? {} : { development }),
      ...(idleEvictionMs === undefined ? {} : { idleEvictionMs }),
      ...(compression === undefined ? {} : { compression }),
      ...(trustedProxies === undefined ? {} : { trustedProxies }),
      ...(retentionDays === undefined ? {} : { retentionMs: retentionDays * kDayMs }),
      ...(deleteClasses === undefined ? {} : { deleteClasses }),
      ...(adoptMigrations === undefined ? {} : { adoptMigrations }),
      ...adminOf(this.#options),
      ...mailOf(this.#options),
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
      this.#url = address.url.replace(/\/$/, '');
      return this.#url;
    } catch (error) {
      await this.#closeRuntime();
      const isFile = this.#options.socket !== undefined || this.#options.tlsCert !== undefined;
      throw isFile ? error : listenError(error, host, port);
    }
  }

  /** Migrations that delete stored data are asked about where somebody can answer. @param {CreateOptions} options */
  async #create(options) {
    try {
      return await this.#createRuntime(options);
    } catch (error) {
      const { name, classes = [] } = /** @type {{name?: string, classes?: string[]}} */ (error);
      if (name !== 'UnconfirmedDeletion' || !this.#confirm) throw error;
      const question = `A migration deletes ${classes.join(', ')} with everything that is stored in it. Delete it?`;
      if (!(await this.#confirm(question))) throw error;
      return this.#createRuntime({ ...options, deleteClasses: true });
    }
  }

  /** The newest code cannot run; what runs says so to browsers. undefined: it can. @param {unknown} error */
  showProblem(error) {
    const isNone = error === undefined || error instanceof Error;
    this.#runtime?.showProblem?.(isNone ? error : new Error(String(error)));
  }

  /** Static assets have changed. */
  async reloadAssets() {
    await this.#runtime?.reloadAssets();
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

module.exports = { DEFAULT_HOST, DEFAULT_PORT, dataDirOf, mailOf, Server };
