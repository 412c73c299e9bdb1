// The head of a bundle: what binds a Worker's globals inside its modules (S9.2), so that the process keeps its own
// (docs/decisions/0016-globals.md).
//
// The banner declares a variable for each of them, with the value that the runtime which loads the bundle has for it, and a small
// module that the bundler puts into the bundle tells the runtime how to reach the variables. Because that module names them, the
// bundler gives another name to what a Worker's own module calls the same at its top.
'use strict';

const { GLOBAL_NAMES, LAZY_NAMES } = require('../web/scope/global-names');

/** The parameter of a bundle's URL that names the runtime. */
const KEY_PARAMETER = 'holdfast';
/** Where the process keeps what bundles are given (load-worker.js). */
const REGISTRY_SYMBOL = 'holdfast.modules';

/** Variables of the banner: what the runtime gives to this bundle; `globalThis`; S9.4.3: the Worker's variables. */
const RUNTIME = 'holdfastRuntime';
const GLOBAL_THIS = 'holdfastGlobalThis';
const PROCESS_ENV = 'holdfastProcessEnv';

const SCOPE_MODULE = 'holdfast-scope:cells';

/**
 * One line. CommonJS packages inside the bundle `require` Node's modules and external packages.
 * @param {readonly string[]} names
 */
const bannerOf = (names) =>
  [
    "import { createRequire as holdfastCreateRequire } from 'node:module';",
    "import holdfastProcess from 'node:process';",
    'const require = holdfastCreateRequire(import.meta.url);',
    `const ${RUNTIME} = holdfastProcess[Symbol.for('${REGISTRY_SYMBOL}')]?.runtimeOf(import.meta.url);`,
    `const ${PROCESS_ENV} = ${RUNTIME}?.processEnv ?? {};`,
    `const ${GLOBAL_THIS} = ${RUNTIME}?.scope?.globalThis ?? globalThis;`,
    `let { ${names.join(', ')} } = ${RUNTIME}?.scope?.values ?? ${GLOBAL_THIS};`,
  ].join(' ');

/** @param {readonly string[]} names */
function scopeSource(names) {
  const cells = names.map(
    (name) => `get ${name}() { return ${name}; }, set ${name}(value) { ${name} = value; },`,
  );
  return `${RUNTIME}?.scope?.link({ ${cells.join(' ')} });
const lazy = (name) => ${GLOBAL_THIS}[name];
${LAZY_NAMES.map((name) => `export const ${name} = /* @__PURE__ */ lazy('${name}');`).join('\n')}`;
}

/**
 * @param {readonly string[]} bindings that are globals of this Worker, too: it is in Service Worker syntax (S9.1.1)
 * @returns {{banner: string, plugin: import('esbuild').Plugin}}
 */
function workerScope(bindings) {
  const names = [...new Set([...GLOBAL_NAMES, ...bindings])];
  return {
    banner: bannerOf(names),
    plugin: {
      name: 'worker-scope',
      setup(build) {
        build.onResolve({ filter: /^holdfast-scope:/ }, ({ path }) => ({
          path,
          namespace: 'holdfast-scope',
        }));
        build.onLoad({ filter: /.*/, namespace: 'holdfast-scope' }, () => ({
          contents: scopeSource(names),
        }));
      },
    },
  };
}

module.exports = {
  GLOBAL_THIS,
  KEY_PARAMETER,
  PROCESS_ENV,
  REGISTRY_SYMBOL,
  RUNTIME,
  SCOPE_MODULE,
  workerScope,
};
