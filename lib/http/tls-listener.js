'use strict';
// TlsListener: an address whose connections are TLS; Node takes it off, the native server speaks HTTP inside (docs/decisions/0014).
//
// Happy path: certificate and key are read, connections are relayed once their handshake is done. When one of the files changes, both
// are read again; new connections get the new certificate, open ones keep theirs.
// Ways it fails: files that cannot be read or do not fit reject open(); later one line says so, once for what is in them, and the last good
// ones stay.
// A peer that does not finish its handshake in tlsHandshakeTimeoutMs is dropped.

const fs = require('node:fs');
const path = require('node:path');
const { latePackage } = require('../late-package');
const { reportError } = require('../report-error');
const { takeSocket } = require('./take-socket');

/** @type {() => typeof import('node:tls')} */
const tls = latePackage('node:tls');

/** A certificate and its key are replaced one after the other: they are read when both had time to arrive. */
const kSettleMs = 100;

/** @typedef {{certFile: string, keyFile: string}} TlsFiles */
/** @typedef {{cert: Buffer, key: Buffer}} Pair */

class TlsListener {
  #server;
  #files;
  /** @type {fs.FSWatcher[]} */
  #watchers = [];
  /** @type {NodeJS.Timeout | undefined} */
  #settling;
  /** What is, or cannot be, in use: something else in the directory may have changed. @type {Pair} */
  #seen;
  #complaint = '';

  /**
   * @param {import('./take-socket').NativeServer} native
   * @param {TlsFiles} files
   * @param {import('./take-socket').PeerLimits & {tlsHandshakeTimeoutMs: number}} limits
   */
  constructor(native, files, limits) {
    this.#files = files;
    this.#seen = read(files);
    this.#server = tls().createServer({
      ...checked(this.#seen),
      ALPNProtocols: ['http/1.1'],
      handshakeTimeout: limits.tlsHandshakeTimeoutMs,
      allowHalfOpen: true,
    });
    this.#server.on('secureConnection', (socket) => {
      socket.on('error', () => {});
      try {
        takeSocket(native, socket, Buffer.alloc(0), limits);
      } catch {
        socket.destroy(); // the runtime is closing
      }
    });
    // A handshake that failed, or took too long: Node leaves the socket open.
    this.#server.on('tlsClientError', (_error, socket) => socket.destroy());
  }

  /**
   * @param {{port?: number, host?: string, path?: string}} address
   * @returns {Promise<number>} the port; 0 for a path
   */
  async open(address) {
    await new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(address, () => {
        this.#server.off('error', reject);
        resolve(undefined);
      });
    });
    this.#server.on('error', reportError);
    this.#watch();
    const bound = this.#server.address();
    return typeof bound === 'object' && bound !== null ? bound.port : 0;
  }

  /** No further connection; those there are go on. */
  close() {
    clearTimeout(this.#settling);
    for (const watcher of this.#watchers) watcher.close();
    this.#server.close();
  }

  // The directories, as the files are often replaced by renaming others.
  #watch() {
    const { certFile, keyFile } = this.#files;
    for (const directory of new Set([path.dirname(certFile), path.dirname(keyFile)])) {
      const watcher = fs.watch(directory, { persistent: false }, () => {
        clearTimeout(this.#settling);
        this.#settling = setTimeout(() => this.#reload(), kSettleMs).unref();
      });
      watcher.on('error', reportError);
      this.#watchers.push(watcher);
    }
  }

  #reload() {
    try {
      const pair = read(this.#files);
      if (pair.cert.equals(this.#seen.cert) && pair.key.equals(this.#seen.key)) return;
      this.#seen = pair;
      this.#server.setSecureContext(checked(pair));
      this.#complaint = '';
    } catch (error) {
      this.#complain(/** @type {Error} */ (error).message);
    }
  }

  /** @param {string} reason */
  #complain(reason) {
    if (reason === this.#complaint) return;
    this.#complaint = reason;
    const { certFile, keyFile } = this.#files;
    console.warn(
      `warning: ${certFile} and ${keyFile} cannot be used: ${reason}. The last certificate stays.`,
    );
  }
}

/** @param {TlsFiles} files @returns {Pair} */
function read({ certFile, keyFile }) {
  return { cert: fs.readFileSync(certFile), key: fs.readFileSync(keyFile) };
}

/** @param {Pair} pair @returns {Pair} @throws when they do not fit */
function checked(pair) {
  tls().createSecureContext(pair);
  return pair;
}

module.exports = { TlsListener };
