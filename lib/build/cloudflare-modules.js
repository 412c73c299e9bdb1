// The modules named `cloudflare:...`, and the keys of a Workers Site, as seen by the bundler (S7.9, S9.3).
//
// A bundle has none of the runtime's code inside. Each of them becomes a small module that takes its exports
// from the runtime which loads the bundle; loadWorker() says which one by the key in the bundle's URL, so one bundle can
// be loaded by several runtimes of a process, each time as a module of its own.
'use strict';

const { NO_SITE, SITE_MANIFEST } = require('../bindings/site/site-keys');
const { RUNTIME } = require('./worker-scope');

/** Every export of `cloudflare:workers` (S7.9). */
const WORKERS_EXPORTS = [
  'DurableObject',
  'WorkerEntrypoint',
  'WorkflowEntrypoint',
  'RpcTarget',
  'RpcStub',
  'RpcPromise',
  'RpcProperty',
  'ServiceStub',
  'env',
  'exports',
  'withEnv',
  'withExports',
  'withEnvAndExports',
  'waitUntil',
  'cache',
  'tracing',
  'restore',
  'abortIsolate',
];

/** Modules that the runtime has, and their exports (S9.3). */
const MODULES = new Map([
  ['cloudflare:workers', WORKERS_EXPORTS],
  ['cloudflare:email', ['EmailMessage']],
  ['cloudflare:node', ['handleAsNodeRequest', 'httpServerHandler']],
  ['cloudflare:sockets', ['connect']],
  ['cloudflare:workflows', ['NonRetryableError']],
]);

// An export that the runtime does not have throws where it is imported. esbuild drops the calls nobody uses.
/** @param {string} path of a module @returns {string} its source */
const sourceOf = (path) => `
function take(name) {
  if (!${RUNTIME}) throw new Error('This bundle can only be loaded by holdfast.');
  if (name in ${RUNTIME}) return ${RUNTIME}[name];
  throw new Error('holdfast does not support ' + name + ' of ${path} yet.');
}
${MODULES.get(path)
  ?.map((name) => `export const ${name} = /* @__PURE__ */ take('${name}');`)
  .join('\n')}
`;

/** The keys of a Workers Site: text, as in wrangler. */
const SITE_SOURCE = `
if (!${RUNTIME}?.siteManifest)
  throw new Error(${JSON.stringify(NO_SITE)});
export default ${RUNTIME}.siteManifest;
`;

/** Modules of Node that the runtime may have others for, and who gives them: servers that a Worker answers, timers of objects. */
const NODE_MODULES = new Map([
  ['http', 'httpModule'],
  ['timers', 'timersModule'],
  ['timers/promises', 'timerPromisesModule'],
]);
const NODE_NAMESPACE = 'holdfast-node';

/** @param {string} name @returns {string} */
const nodeSourceOf = (name) => `
const own = require('node:${name}');
module.exports = ${RUNTIME}?.${NODE_MODULES.get(name)}?.(own) ?? own;
`;

/** @type {import('esbuild').Plugin} */
const cloudflareModules = {
  name: 'cloudflare-modules',
  setup(build) {
    build.onResolve({ filter: /^cloudflare:/ }, ({ path, kind }) => {
      if (MODULES.has(path)) return { path, namespace: 'holdfast', sideEffects: false };
      // Libraries import such modules only when they need them, so only a static import stops the build.
      if (kind === 'dynamic-import') return { path, namespace: 'holdfast-unsupported' };
      return { errors: [{ text: unsupported(path) }] };
    });
    build.onLoad({ filter: /.*/, namespace: 'holdfast' }, ({ path }) => ({
      contents: sourceOf(path),
    }));
    build.onResolve({ filter: new RegExp(`^${SITE_MANIFEST}$`) }, ({ path }) => ({
      path,
      namespace: 'holdfast-site',
    }));
    build.onLoad({ filter: /.*/, namespace: 'holdfast-site' }, () => ({ contents: SITE_SOURCE }));
    build.onResolve({ filter: /^(node:)?(http|timers|timers\/promises)$/ }, (imported) => {
      const { path, kind, namespace } = imported;
      if (kind === 'entry-point' || namespace === NODE_NAMESPACE) return undefined;
      return { path: path.replace('node:', ''), namespace: NODE_NAMESPACE };
    });
    build.onLoad({ filter: /.*/, namespace: NODE_NAMESPACE }, ({ path }) => ({
      contents: nodeSourceOf(path),
    }));
    build.onLoad({ filter: /.*/, namespace: 'holdfast-unsupported' }, ({ path }) => ({
      contents: `throw new Error(${JSON.stringify(unsupported(path))});`,
    }));
  },
};

/** @param {string} path */
function unsupported(path) {
  return `holdfast does not support the module "${path}".`;
}

module.exports = { MODULES, WORKERS_EXPORTS, cloudflareModules };
