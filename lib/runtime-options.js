'use strict';
// checkOptions: what createRuntime() and listen() may be given. A name that nobody reads would be lost without a word, and a
// `dataDir` that is not understood would keep in memory what its author wants on disk.

const { limitDefaults } = require('./constants');
const { isSmtpAddress } = require('./mail/addresses');

/** Numbers cross to the native side as 32 bits. */
const kNumberMax = 4_294_967_295;
/** These as 64. */
const kWideNumbers = [
  'limits.bodyBytesMax',
  'limits.segmentBytes',
  'limits.logReserveBytes',
  'limits.logBytesMax',
  'limits.overlayBytesMax',
  'limits.commitQueueBytesMax',
  'limits.transactionBytesMax',
  'retentionMs',
];
const kMayBeZero = [
  'bodyBytesPerSecondMin',
  'connectionsPerAddressMax',
  'socketPingIntervalMs',
  'writeBytesPerSecondMin',
  'logReserveBytes',
  'restAfterMs',
];
const kOptions = [
  'config',
  'main',
  'durableObjects',
  'dataDir',
  'env',
  'vars',
  'bindings',
  'build',
  'deleteClasses',
  'adoptMigrations',
  'idleEvictionMs',
  'durability',
  'retentionMs',
  'ioThreads',
  'trustedProxies',
  'development',
  'compression',
  'limits',
  'admin',
  'mail',
  'mailboxEventsMax',
  'mailboxBytesMax',
];

/** @param {any} options of createRuntime() */
function checkOptions(options) {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError('createRuntime() needs options: one of config, main, durableObjects.');
  }
  checkNames('createRuntime()', options, kOptions);
  checkSource(options);
  for (const name of ['main', 'dataDir', 'env']) checkString(name, options[name]);
  if (options.dataDir === '')
    throw new TypeError('dataDir is empty; leave it out to keep data in memory.');
  for (const name of ['idleEvictionMs', 'mailboxEventsMax', 'mailboxBytesMax']) {
    checkNumber(name, options[name], 0);
  }
  checkNumber('ioThreads', options.ioThreads, 1);
  checkNumber('trustedProxies', options.trustedProxies, 0);
  checkNumber('retentionMs', options.retentionMs, 0);
  if (options.retentionMs > 0 && options.dataDir === undefined)
    throw new TypeError('retentionMs needs a dataDir: what is kept in memory has no history.');
  for (const name of ['deleteClasses', 'adoptMigrations', 'development']) {
    const value = options[name];
    if (value !== undefined && typeof value !== 'boolean')
      throw new TypeError(`${name} is true or false, and not ${shown(value)}.`);
  }
  if (![undefined, 'flush', 'system'].includes(options.durability)) {
    throw new TypeError(`durability is 'flush' or 'system', and not ${shown(options.durability)}.`);
  }
  checkTable('vars', options.vars);
  checkTable('bindings', options.bindings);
  checkTable('limits', options.limits);
  checkAdmin(options.admin);
  checkMail(options.mail);
  checkNames('limits', options.limits ?? {}, Object.keys(limitDefaults));
  for (const [name, value] of Object.entries(options.limits ?? {})) {
    checkNumber(`limits.${name}`, value, kMayBeZero.includes(name) ? 0 : 1);
  }
}

/** @param {any} admin */
function checkAdmin(admin) {
  checkTable('admin', admin);
  if (admin === undefined) return;
  checkNames('admin', admin, ['port', 'host', 'path']);
  checkString('admin.host', admin.host);
  checkString('admin.path', admin.path);
  if ((admin.port === undefined) === (admin.path === undefined))
    throw new TypeError('admin needs either a port or a path.');
  if (admin.path !== undefined && admin.host !== undefined)
    throw new TypeError('admin.path is the place of a socket and takes no admin.host.');
  checkPort('admin.port', admin.port);
}

/** @param {any} mail */
function checkMail(mail) {
  checkTable('mail', mail);
  if (mail === undefined) return;
  checkNames('mail', mail, ['deliver', 'smtp']);
  const { deliver, smtp } = mail;
  if ((deliver === undefined) === (smtp === undefined))
    throw new TypeError('mail needs either deliver or smtp.');
  if (deliver !== undefined && typeof deliver !== 'function')
    throw new TypeError(`mail.deliver is a function, and not ${shown(deliver)}.`);
  if (smtp !== undefined && !isSmtpAddress(smtp))
    throw new TypeError('mail.smtp is an address like smtp://user:password@host:587.');
}

/** @param {any} message of email() */
function checkEmail(message) {
  checkTable('The message of email()', message);
  checkNames('email()', message, ['from', 'to', 'raw']);
  for (const name of ['from', 'to'])
    if (typeof message[name] !== 'string')
      throw new TypeError(`${name} is a string, and not ${shown(message[name])}.`);
}

/** @param {any} options */
function checkSource({ config, main, durableObjects }) {
  const given = [config, main, durableObjects].filter((value) => value !== undefined);
  if (given.length === 0)
    throw new TypeError('createRuntime() needs one of config, main, durableObjects.');
  if (durableObjects === undefined) {
    if (Array.isArray(config) && config.length === 0)
      throw new TypeError('config is an empty list; it needs at least one project.');
    for (const one of [config].flat()) if (typeof one !== 'object') checkString('config', one);
    return;
  }
  if (given.length > 1)
    throw new TypeError('createRuntime() takes durableObjects alone, without config and main.');
  checkTable('durableObjects', durableObjects);
  checkClasses(durableObjects);
}

/**
 * What a class stores is found under its name.
 * @param {Record<string, unknown>} classes
 */
function checkClasses(classes) {
  /** @type {Map<string, {binding: string, Class: unknown}>} */
  const named = new Map();
  for (const [binding, Class] of Object.entries(classes)) {
    if (typeof Class !== 'function')
      throw new TypeError(`durableObjects.${binding} is not a class.`);
    if (Class.name === '') {
      throw new TypeError(
        `durableObjects.${binding} is a class without a name; its data is stored under the name, so give it one.`,
      );
    }
    const other = named.get(Class.name);
    if (other !== undefined && other.Class !== Class) {
      throw new TypeError(
        `durableObjects.${other.binding} and durableObjects.${binding} are two classes named ${Class.name}; ` +
          'their data is stored under the name, so give them different ones.',
      );
    }
    named.set(Class.name, { binding, Class });
  }
}

/** @param {any} options of reload() */
function checkReloadOptions(options) {
  checkTable('The options of reload()', options);
  checkNames('reload()', options, ['config', 'main', 'env', 'vars', 'build']);
  if (typeof options.config !== 'object') checkString('config', options.config);
  for (const name of ['main', 'env']) checkString(name, options[name]);
  checkTable('vars', options.vars);
}

/** @param {any} options of listen() */
function checkListenOptions(options) {
  checkNames('listen()', options, ['port', 'host', 'path', 'reusePort', 'tls']);
  checkString('host', options.host);
  checkString('path', options.path);
  const { port, path, reusePort, tls } = options;
  checkPort('port', port);
  if (![undefined, true, false].includes(reusePort))
    throw new TypeError(`reusePort is true or false, and not ${shown(reusePort)}.`);
  if (
    path !== undefined &&
    (path === '' || port !== undefined || options.host !== undefined || reusePort)
  )
    throw new TypeError(
      'path is the path of a socket, and takes the place of port, host and reusePort.',
    );
  checkTls(tls, reusePort);
}

/** @param {string} name @param {any} port */
function checkPort(name, port) {
  if (port === undefined || (Number.isInteger(port) && port >= 0 && port <= 65_535)) return;
  throw new TypeError(`${name} is a whole number from 0 to 65535, and not ${shown(port)}.`);
}

/** @param {any} tls @param {boolean | undefined} reusePort */
function checkTls(tls, reusePort) {
  if (tls === undefined) return;
  checkTable('tls', tls);
  checkNames('tls', tls, ['certFile', 'keyFile']);
  for (const name of ['certFile', 'keyFile'])
    if (typeof tls[name] !== 'string') throw new TypeError(`tls.${name} is the path of a file.`);
  if (reusePort) throw new TypeError('reusePort is not supported together with tls.');
}

/** @param {string} where @param {object} given @param {readonly string[]} known */
function checkNames(where, given, known) {
  const unknown = Object.keys(given).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new TypeError(
    `${where} has no option ${unknown.join(', ')}. There are: ${known.join(', ')}.`,
  );
}

/** @param {string} name @param {unknown} value */
function checkString(name, value) {
  if (value === undefined || typeof value === 'string') return;
  throw new TypeError(`${name} is a string, and not ${shown(value)}.`);
}

/** @param {string} name @param {unknown} value */
function checkTable(name, value) {
  if (value === undefined || (typeof value === 'object' && value !== null)) return;
  throw new TypeError(`${name} is an object, and not ${shown(value)}.`);
}

/** @param {string} name @param {any} value @param {number} min */
function checkNumber(name, value, min) {
  const max = kWideNumbers.includes(name) ? Number.MAX_SAFE_INTEGER : kNumberMax;
  if (value === undefined) return;
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new TypeError(`${name} is a whole number from ${min} to ${max}, and not ${shown(value)}.`);
}

/** @param {unknown} value */
function shown(value) {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

module.exports = { checkEmail, checkOptions, checkListenOptions, checkReloadOptions };
