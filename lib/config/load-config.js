// loadConfig: from a wrangler file to the plain, checked object the rest of Holdfast works with (S8).
'use strict';

const path = require('node:path');
const { assetWarnings, readAssets, unknownAssets } = require('./assets');
const { readResourceBindings } = require('./bindings');
const { dateProblem, resolveCompatibility, toDate } = require('./compatibility');
const { optionalString, readBuildSettings } = require('./build-settings');
const { configWarnings, ignoredKeys } = require('./config-warnings');
const { ConfigDocument, isTable, readConfigDocument } = require('./config-document');
const { readDurableObjectBindings } = require('./durable-object-bindings');
const { selectEnvironment } = require('./environment');
const { readExports } = require('./exports-list');
const { checkTarget, dataParentOf, isGenerated } = require('./generated-config');
const { evaluateMigrations, readMigrations } = require('./migration-list');
const { readServiceBindings } = require('./service-bindings');
const { containerClasses, findUnsupportedBindings } = require('./unsupported-bindings');
const { readVariables } = require('./variables');

/** What a Worker without a name is called. */
const DEFAULT_NAME = 'worker';

/** @typedef {InstanceType<typeof import('./environment').Section>} Section */

/**
 * @typedef {object} ResolvedConfig
 * @property {string} [configPath] Absent when an entry file runs without a config.
 * @property {string} projectDir Where relative paths start: the directory of the config or of the entry file.
 * @property {string} dataParent The directory that gets the data directory, unless somebody says where that is.
 * @property {string[]} auxiliary Config files of the Workers that a build tool built along with it.
 * @property {string} name
 * @property {string} [environment]
 * @property {string} [main] Absolute path of the entry module. A config may have none: the command line names it, or the
 *   project has no code.
 * @property {string} compatibilityDate
 * @property {Record<string, boolean>} compatibilityFlags Every enable flag, on or off.
 * @property {Record<string, unknown>} vars With `.dev.vars` or `.env` and the command line's on top.
 * @property {import('./durable-object-bindings').DurableObjectBinding[]} durableObjectBindings
 * @property {import('./migration-list').Migration[]} migrations
 * @property {import('./exports-list').Exports['changes']} [changes] Of `exports`, if it declares classes.
 * @property {Map<string, import('./migrations').NamespaceKind>} classes Storage of every class of this Worker that is
 *   declared or bound.
 * @property {import('./service-bindings').ServiceBinding[]} serviceBindings To entrypoints of this Worker and of others.
 * @property {import('./bindings').ResourceBindings} resources
 * @property {import('./assets').AssetSettings} [assets]
 * @property {string[]} containerClasses
 * @property {import('./unsupported-bindings').UnsupportedBinding[]} unsupportedBindings
 * @property {import('./build-settings').BuildSettings} build
 * @property {{ip?: string, port?: number}} dev
 * @property {string[]} files Every file that was read: those a watcher watches.
 * @property {string[]} warnings One line each.
 */

/**
 * @typedef {object} ConfigOptions
 * @property {string} [env] Name of the environment; `CLOUDFLARE_ENV` by default.
 * @property {string} [name] In place of the file's.
 * @property {Record<string, unknown>} [vars] Win over the file's.
 * @property {Record<string, string>} [define] Win over the file's.
 * @property {Record<string, string>} [alias] The same.
 * @property {string} [compatibility_date] Wins over the file's.
 * @property {readonly string[]} [compatibility_flags] In place of the file's.
 * @property {readonly string[]} [envFiles] Files like `.env`, from the config's directory; in place of `.dev.vars` and `.env`.
 * @property {string} [main] Wins over the file's.
 * @property {Record<string, unknown>} [bindings] The caller brings what stands on `env` under these names.
 * @property {import('./generated-config').Redirect} [redirect] What led to the file.
 * @property {NodeJS.ProcessEnv} [processEnv]
 * @property {Date} [now]
 */

/**
 * @param {string} file A wrangler.toml, .json or .jsonc, or a file of that format under another name.
 * @param {ConfigOptions} [options]
 * @returns {ResolvedConfig}
 * @throws {import('./config-error').ConfigError}
 */
function loadConfig(file, options = {}) {
  return resolveConfig(readConfigDocument(path.resolve(file)), path.resolve(file), options);
}

/**
 * The config of an entry file that has none: bindings follow from the classes it exports, once it is loaded.
 * @param {string} main
 * @param {ConfigOptions} [options]
 * @returns {ResolvedConfig}
 */
function configForEntry(main, options = {}) {
  const entry = path.resolve(main);
  const now = options.now ?? new Date();
  const data = { main: entry, compatibility_date: toDate(now) };
  const document = new ConfigDocument(entry, data, () => ({}));
  const config = resolveConfig(document, entry, { ...options, env: '', now });
  return { ...config, configPath: undefined };
}

/**
 * @param {InstanceType<typeof ConfigDocument>} document
 * @param {string} file
 * @param {ConfigOptions} options
 * @returns {ResolvedConfig}
 */
function resolveConfig(document, file, options) {
  const { env, vars: overrides, envFiles, processEnv = process.env, now = new Date() } = options;
  const environment = (env ?? processEnv.CLOUDFLARE_ENV) || undefined;
  const projectDir = path.dirname(file);
  const isBuilt = options.redirect !== undefined || isGenerated(document.data);
  if (isBuilt) checkTarget(document, environment);
  const { section, warnings } = selectEnvironment(document, isBuilt ? undefined : environment);
  const replaced = /** @type {const} */ (['name', 'compatibility_date', 'compatibility_flags']);
  for (const key of replaced) if (options[key] !== undefined) section.set(key, options[key], [key]);
  const name = readName(section);
  const serviceBindings = readServiceBindings(section);
  const missing = [...findUnsupportedBindings(section.data), ...unknownAssets(section)];
  const unsupportedBindings = missing.filter(
    (binding) => !Object.hasOwn(options.bindings ?? {}, binding.name),
  );
  const variables = readVariables(section, {
    directory: projectDir,
    environment,
    processEnv,
    overrides,
    envFiles,
  });
  const compatibility = readCompatibility(section, now);
  const durableObjectBindings = readDurableObjectBindings(section);
  const resources = readResourceBindings(section, projectDir);
  const { migrations, classes, changes } = readClasses(section, durableObjectBindings);
  warnings.push(
    ...ignoredKeys(section, missing),
    ...configWarnings(unsupportedBindings, classes),
    ...assetWarnings(section, options.bindings ?? {}),
    ...variables.warnings,
    ...compatibility.warnings,
  );
  return {
    configPath: file,
    projectDir,
    dataParent: dataParentOf(file, document.data, options.redirect),
    auxiliary: options.redirect?.auxiliary ?? [],
    name,
    environment,
    main: options.main ? path.resolve(options.main) : readMain(section, projectDir),
    compatibilityDate: compatibility.date,
    compatibilityFlags: compatibility.flags,
    vars: variables.vars,
    durableObjectBindings,
    migrations,
    changes,
    classes,
    serviceBindings,
    resources,
    assets: readAssets(section, projectDir),
    unsupportedBindings,
    containerClasses: containerClasses(section.data.containers),
    build: readBuildSettings(section, projectDir, options),
    dev: readDev(section),
    files: [file, ...variables.files, ...resources.files.map((binding) => binding.file)],
    warnings,
  };
}

/** @param {Section} section */
function readName(section) {
  const { name } = section.data;
  if (name === undefined) return DEFAULT_NAME;
  if (typeof name === 'string' && /^[a-z0-9_][a-z0-9-_]*$/.test(name)) return name;
  throw section.error(
    ['name'],
    `Expected "name" to be of type string, alphanumeric and lowercase with dashes only but got ${JSON.stringify(name)}.`,
  );
}

/**
 * Older configs name it elsewhere: Workers Sites, and `build.upload` of wrangler 1.
 * @param {Section} section
 * @param {string} projectDir
 * @returns {string | undefined}
 */
function readMain(section, projectDir) {
  const { main, site, build } = section.data;
  if (main !== undefined) {
    if (typeof main === 'string' && main !== '') return path.resolve(projectDir, main);
    throw section.error(['main'], `"main" should be a string, but got ${JSON.stringify(main)}.`);
  }
  const entry = isTable(site) ? site['entry-point'] : undefined;
  if (typeof entry === 'string') {
    return path.resolve(projectDir, path.extname(entry) ? entry : path.join(entry, 'index.js'));
  }
  const upload = isTable(build) && isTable(build.upload) ? build.upload : {};
  if (typeof upload.main !== 'string') return undefined;
  return path.resolve(projectDir, String(upload.dir ?? 'dist'), upload.main);
}

/** @param {Section} section @param {Date} now */
function readCompatibility(section, now) {
  const { compatibility_date: date, compatibility_flags: flags = [] } = section.data;
  const warnings = [];
  if (date === undefined)
    warnings.push(`No "compatibility_date"; today's is used: ${toDate(now)}.`);
  // TOML has dates of its own: `compatibility_date = 2026-08-25` without quotes.
  const text = date instanceof Date ? date.toISOString().slice(0, 10) : (date ?? toDate(now));
  const problem = dateProblem(/** @type {string} */ (text), now);
  if (problem) throw section.error(['compatibility_date'], problem);
  if (!Array.isArray(flags) || !flags.every((flag) => typeof flag === 'string')) {
    throw section.error(
      ['compatibility_flags'],
      '"compatibility_flags" should be an array of strings.',
    );
  }
  try {
    return { date: String(text), flags: resolveCompatibility(String(text), flags), warnings };
  } catch (error) {
    throw section.error(['compatibility_flags'], /** @type {Error} */ (error).message);
  }
}

/**
 * @param {Section} section
 * @param {import('./durable-object-bindings').DurableObjectBinding[]} bindings
 */
function readClasses(section, bindings) {
  const migrations = readMigrations(section);
  migrations.forEach((_, index) => {
    try {
      evaluateMigrations(migrations.slice(0, index + 1));
    } catch (error) {
      throw section.error(['migrations', index], `${/** @type {Error} */ (error).message}.`);
    }
  });
  const exported = readExports(section);
  /** @type {Map<string, import('./migrations').NamespaceKind>} */
  const classes = new Map([...evaluateMigrations(migrations), ...exported.classes]);
  const retired = retiredClasses([...migrations, exported.changes]);
  bindings.forEach(({ name, className, scriptName }, index) => {
    if (scriptName !== undefined || classes.has(className)) return;
    const reason = retired.get(className);
    if (reason) {
      throw section.error(
        ['durable_objects', 'bindings', index],
        `"${name}" is bound to class ${className}, which a migration has ${reason}.`,
      );
    }
    classes.set(className, 'undeclared');
  });
  return { migrations, classes, changes: exported.declares ? exported.changes : undefined };
}

/**
 * Names that were classes once and are no longer.
 * @param {readonly Pick<import('./migration-list').Migration, 'renamedClasses' | 'deletedClasses'>[]} migrations
 */
function retiredClasses(migrations) {
  /** @type {Map<string, string>} */
  const retired = new Map();
  for (const { renamedClasses, deletedClasses } of migrations) {
    for (const name of deletedClasses) retired.set(name, 'deleted');
    for (const { from, to } of renamedClasses) retired.set(from, `renamed to ${to}`);
  }
  return retired;
}

/** @param {Section} section @returns {{ip?: string, port?: number}} */
function readDev(section) {
  const { dev = {} } = section.data;
  if (!isTable(dev)) throw section.error(['dev'], 'The field "dev" should be an object.');
  const { port } = dev;
  if (
    port !== undefined &&
    !(Number.isInteger(port) && Number(port) >= 0 && Number(port) <= 65535)
  ) {
    throw section.error(
      ['dev', 'port'],
      `"dev.port" should be a port number, but got ${JSON.stringify(port)}.`,
    );
  }
  return {
    ip: optionalString(section, ['dev', 'ip'], dev.ip),
    port: port === undefined ? undefined : Number(port),
  };
}

module.exports = { DEFAULT_NAME, configForEntry, configFromData: resolveConfig, loadConfig };
