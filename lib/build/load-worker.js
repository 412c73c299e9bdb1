// loadWorker: imports a bundle for one runtime.
//
// The bundle takes `cloudflare:workers` from the registry, under the runtime's key, so what it imports must be
// registered first. A module lives until the process ends, as Node never forgets one; the registry entry goes with
// unregisterModules().
'use strict';

const { pathToFileURL } = require('node:url');
const vm = require('node:vm');
const ofThisContext = require('./import-module');
const { KEY_PARAMETER, REGISTRY_SYMBOL } = require('./worker-scope');

// Test runners such as Jest run this file in a context of their own, where import() needs a flag. Bundles always go to
// the main context, and so does the registry.
/** @type {typeof globalThis} */
const mainGlobal = vm.runInThisContext('globalThis');
/** @type {(url: string) => Promise<Record<string, unknown>>} */
const importModule =
  mainGlobal === globalThis ? ofThisContext.importModule : importerOfMainContext();

function importerOfMainContext() {
  const importModuleDynamically = vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  return new vm.Script('(url) => import(url)', { importModuleDynamically }).runInThisContext();
}

/** What bundles are given, by the key of the runtime; and by their directory, for modules that a bundle loads by name alone. */
class Registry extends Map {
  keysGiven = 0;
  /** @type {Map<string, string>} the key that loaded it last, by the URL of a directory */
  #directories = new Map();

  /** @param {URL} url of a bundle @param {string} key */
  place(url, key) {
    this.#directories.set(new URL('.', url).href, key);
  }

  /** @param {string} url of a module @returns {Record<string, unknown> | undefined} */
  runtimeOf(url) {
    const own = this.get(new URL(url).searchParams.get(KEY_PARAMETER));
    if (own) return own;
    for (let at = new URL('.', url).href; ; at = new URL('..', at).href) {
      const key = this.#directories.get(at);
      if (key !== undefined) return this.get(key);
      if (at === new URL('..', at).href) return undefined;
    }
  }
}

/** @returns {Registry} of the process, which several copies of this package share */
function registry() {
  const holder = /** @type {Record<symbol, Registry>} */ (
    /** @type {unknown} */ (mainGlobal.process)
  );
  return (holder[Symbol.for(REGISTRY_SYMBOL)] ??= new Registry());
}

/** Names a Worker that is to be loaded; no other copy of this package in the process gives the same name. */
function newKey() {
  const all = registry();
  all.keysGiven += 1;
  return `runtime-${all.keysGiven}`;
}

/**
 * @param {string} key unique among the runtimes of this process
 * @param {Record<string, unknown>} exports of `cloudflare:workers`
 */
function registerModules(key, exports) {
  if (registry().has(key)) throw new Error(`A runtime with the key ${key} exists already.`);
  registry().set(key, exports);
}

/** @param {string} key */
function unregisterModules(key) {
  registry().delete(key);
}

/** @param {string} key */
function registeredModules(key) {
  return registry().get(key);
}

/**
 * @param {string} entryFile from buildProject()
 * @param {string} key
 * @returns {Promise<Record<string, unknown>>} the module's namespace
 * @throws what the module throws while it is evaluated
 */
function loadWorker(entryFile, key) {
  process.setSourceMapsEnabled(true);
  const url = pathToFileURL(entryFile);
  registry().place(url, key);
  url.searchParams.set(KEY_PARAMETER, key);
  return importModule(url.href);
}

module.exports = { loadWorker, newKey, registerModules, registeredModules, unregisterModules };
