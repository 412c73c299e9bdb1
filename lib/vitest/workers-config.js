'use strict';
// defineWorkersConfig and defineWorkersProject: the configuration of @cloudflare/vitest-pool-workers before it became a plugin, whose
// options are at test.poolOptions.workers (spec S10.1.1). There, each test leaves the storage as it was (S10.1.3).

const { cloudflareTest } = require('./plugin');

/**
 * @param {any} given a configuration, a promise of one, or a function that makes one
 * @returns {any} for Vitest
 */
function defineWorkersConfig(given) {
  if (typeof given === 'function')
    return async (/** @type {unknown} */ env) => withPlugin(await given(env));
  return given instanceof Promise ? given.then(withPlugin) : withPlugin(given);
}

/** @param {any} config */
function withPlugin({ test = {}, plugins = [], ...rest }) {
  const { poolOptions: { workers = {}, ...others } = {}, ...kept } = test;
  const options = typeof workers === 'function' ? workers({ inject }) : workers;
  const poolOptions = Object.keys(others).length > 0 ? { poolOptions: others } : {};
  return {
    ...rest,
    plugins: [...plugins, cloudflareTest({ isolatedStorage: true, ...options })],
    test: { ...kept, ...poolOptions },
  };
}

/** @param {string} key @returns {never} */
function inject(key) {
  throw new Error(
    `inject('${key}') in poolOptions.workers is not supported by holdfast/vitest: the tests can call it themselves.`,
  );
}

module.exports = { defineWorkersConfig, defineWorkersProject: defineWorkersConfig };
