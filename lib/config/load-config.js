// loadConfig: from a wrangler file to the plain, checked object the rest of Holdfast works with (S8).
'use strict';

const path = require('node:path');
const { assetWarnings, readAssets, unknownAssets } = require('./assets');
const { readResourceBindings } = require('./bindings');
const { DEFAULT_NAME, readCompatibility, readDev, readMain, readName } = require('./basic-keys');
const { readBuildSettings } = require('./build-settings');
const { checkTopLevel } = require('./check-top-level');
const { toDate } = require('./compatibility');
const { configWarnings, ignoredKeys } = require('./config-warnings');
const { ConfigDocument, readConfigDocument } = require('./config-document');
const { readDurableObjectBindings } = require('./durable-object-bindings');
const { selectEnvironment } = require('./environment');
const { readExports } = require('./exports-list');
const { checkTarget, dataParentOf, isGenerated } = require('./generated-config');
const { evaluateMigrations, readMigrations } = require('./migration-list');
const { readServiceBindings } = require('./service-bindings');
const { checkUniqueNames } = require('./unique-names');
const { containerClasses, findUnsupportedBindings } = require('./unsupported-bindings');
const { readVariables } = require('./variables');

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
  if (environment && !isBuilt) checkTopLevel(document, projectDir);
  const replaced = /** @type {const} */ (['name', 'compatibility_date', 'compatibility_flags']);
  for (const key of replaced) if (options[key] !== undefined) section.set(key, options[key], [key]);
  if (options.name !== undefined) section.nameSuffix = '';
  const name = readName(section);
  const serviceBindings = readServiceBindings(section);
  const missing = [...findUnsupportedBindings(section.data), ...unknownAssets(section)];
  const unsupportedBindings = missing.filter(
    (binding) => !Object.hasOwn(options.bindings ?? {}, binding.name),
  );
  checkUniqueNames(section);
  const variables = readVariables(section, {
    // A build tool's config has them from the project it was made of, as in wrangler.
    directory: options.redirect?.own ? options.redirect.directory : projectDir,
    environment,
    processEnv,
    overrides,
    envFiles,
  });
  const compatibility = readCompatibility(section, now);
  const durableObjectBindings = readDurableObjectBindings(section);
  const resources = readResourceBindings(section, projectDir);
  const { migrations, classes, changes } = readClasses(section, durableObjectBindings);
  const main = options.main ? path.resolve(options.main) : readMain(section, projectDir);
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
    main,
    compatibilityDate: compatibility.date,
    compatibilityFlags: compatibility.flags,
    vars: variables.vars,
    durableObjectBindings,
    migrations,
    changes,
    classes,
    serviceBindings,
    resources,
    assets: readAssets(section, projectDir, { hasCode: main !== undefined }),
    unsupportedBindings,
    containerClasses: containerClasses(section.data.containers),
    build: readBuildSettings(section, projectDir, options),
    dev: readDev(section),
    files: [file, ...variables.files, ...resources.files.map((binding) => binding.file)],
    warnings,
  };
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

module.exports = { DEFAULT_NAME, configForEntry, configFromData: resolveConfig, loadConfig };
