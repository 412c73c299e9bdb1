// Every key of wrangler's configuration, what environments do with it, and what it means here (S8.1.4 to S8.1.7).
//
// A test compares this table with the schema in the wrangler package, so a new wrangler that brings a key fails it until the
// key stands here. docs/config-keys.md is made from it by scripts/config-keys.mjs. `[]` stands for each entry of a list.
'use strict';

/**
 * `inherited`: an environment that does not repeat the key gets the top level's. `own`: such an environment has none.
 * `top`: stands at the top level only and holds for every environment. Keys inside others have no scope of their own.
 * @typedef {'inherited' | 'own' | 'top'} Scope
 */

/**
 * `supported`: does here what it does in wrangler. `accepted`: has no effect here; one warning names all such keys.
 * `binding`: puts something on `env` that does not exist here; using it throws an error.
 * @typedef {'supported' | 'accepted' | 'binding'} Use
 */

/** @typedef {{scope?: Scope, use: Use, note: string}} Key `note`: the effect; or, of a binding, what is missing. */

// prettier-ignore
/** @type {[key: string, scope: Scope | '', use: Use, note: string][]} */
const ROWS = [
  ['$schema', 'top', 'supported', 'for editors'],
  ['name', 'inherited', 'supported', 'part of each namespace\'s unique key, from which ids follow; `worker` without it'],
  ['main', 'inherited', 'supported', 'entry module, TypeScript or JavaScript'],
  ['compatibility_date', 'inherited', 'supported', 'behaviour of the platform; today\'s without it'],
  ['compatibility_flags', 'inherited', 'supported', 'an unknown flag is an error'],
  ['env', 'top', 'supported', 'environments'],
  ['vars', 'own', 'supported', 'variables on `env`'],
  ['secrets', 'own', 'supported', 'which variables are taken from files and the environment'],
  ['secrets.required', '', 'supported', 'names; a warning lists those that have no value'],
  ['durable_objects', 'own', 'supported', 'namespaces on `env`'],
  ['durable_objects.bindings', '', 'supported', 'the class must be exported'],
  ['durable_objects.bindings[].name', '', 'supported', 'the property of `env`'],
  ['durable_objects.bindings[].class_name', '', 'supported', ''],
  ['durable_objects.bindings[].script_name', '', 'supported', 'the Worker that has the class'],
  ['durable_objects.bindings[].environment', '', 'accepted', 'wrangler deprecates it'],
  ['durable_objects.code_update_strategy', '', 'accepted', 'how Cloudflare rolls out new code'],
  ['migrations', 'inherited', 'supported', 'storage of each class, over its whole life'],
  ['migrations[].tag', '', 'supported', 'recorded beside the data when applied'],
  ['migrations[].new_classes', '', 'supported', 'key-value storage without SQL'],
  ['migrations[].new_sqlite_classes', '', 'supported', 'storage with SQL'],
  ['migrations[].renamed_classes', '', 'supported', 'ids, data and alarms follow'],
  ['migrations[].renamed_classes[].from', '', 'supported', ''],
  ['migrations[].renamed_classes[].to', '', 'supported', ''],
  ['migrations[].transferred_classes', '', 'supported', 'data of another Worker in the same data directory'],
  ['migrations[].transferred_classes[].from', '', 'supported', ''],
  ['migrations[].transferred_classes[].from_script', '', 'supported', ''],
  ['migrations[].transferred_classes[].to', '', 'supported', ''],
  ['migrations[].deleted_classes', '', 'supported', 'data is deleted once that is confirmed'],
  ['exports', 'inherited', 'supported', 'the same as `migrations`, as a description of what is to be'],
  ['services', 'own', 'supported', 'stubs of entrypoints, of this Worker or another one of the same process'],
  ['services[].binding', '', 'supported', 'the property of `env`'],
  ['services[].service', '', 'supported', 'the `name` of the Worker'],
  ['services[].entrypoint', '', 'supported', 'an export; `default` without it'],
  ['services[].props', '', 'supported', '`ctx.props` of the entrypoint'],
  ['services[].remote', '', 'accepted', 'nothing is taken from Cloudflare'],
  ['rules', 'inherited', 'supported', 'imports of text, bytes and WebAssembly'],
  ['rules[].type', '', 'supported', 'importing a file of a Python type is an error'],
  ['rules[].globs', '', 'supported', ''],
  ['rules[].fallthrough', '', 'supported', ''],
  ['find_additional_modules', 'inherited', 'supported', 'modules that `rules` name may be imported at run time'],
  ['base_dir', 'inherited', 'supported', 'where those files are looked for; beside `main` without it'],
  ['no_bundle', 'inherited', 'supported', 'the entry module passes through the bundler all the same, which gives it `cloudflare:workers`'],
  ['build', 'inherited', 'supported', 'a program that runs before the Worker is bundled'],
  ['build.command', '', 'supported', ''],
  ['build.cwd', '', 'supported', ''],
  ['build.watch_dir', '', 'supported', '`holdfast dev` runs the command again when something changes there'],
  ['define', 'own', 'supported', 'replacements by the bundler'],
  ['alias', 'top', 'supported', 'other modules for imports'],
  ['tsconfig', 'inherited', 'supported', 'among others its `paths`'],
  ['jsx_factory', 'inherited', 'supported', ''],
  ['jsx_fragment', 'inherited', 'supported', ''],
  ['keep_names', 'inherited', 'supported', 'off by default'],
  ['dev', 'top', 'supported', 'defaults of the command line'],
  ['dev.ip', '', 'supported', 'default of `--host`'],
  ['dev.port', '', 'supported', 'default of `--port`'],
  ['dev.inspector_port', '', 'accepted', 'use `node --inspect`'],
  ['dev.inspector_ip', '', 'accepted', 'use `node --inspect`'],
  ['dev.local_protocol', '', 'accepted', 'put a proxy in front for HTTPS'],
  ['dev.upstream_protocol', '', 'accepted', ''],
  ['dev.host', '', 'accepted', ''],
  ['dev.enable_containers', '', 'accepted', ''],
  ['dev.container_engine', '', 'accepted', ''],
  ['dev.generate_types', '', 'accepted', ''],
  ['account_id', 'inherited', 'accepted', 'of Cloudflare\'s network'],
  ['workers_dev', 'inherited', 'accepted', 'of Cloudflare\'s network'],
  ['preview_urls', 'inherited', 'accepted', 'of Cloudflare\'s network'],
  ['previews', 'inherited', 'accepted', 'of Cloudflare\'s network'],
  ['route', 'inherited', 'accepted', 'of Cloudflare\'s network'],
  ['routes', 'inherited', 'accepted', 'of Cloudflare\'s network'],
  ['placement', 'inherited', 'accepted', 'of Cloudflare\'s network'],
  ['compliance_region', 'inherited', 'accepted', 'of Cloudflare\'s network'],
  ['access', 'inherited', 'accepted', 'of Cloudflare\'s network'],
  ['cache', 'inherited', 'accepted', 'of Cloudflare\'s network'],
  ['limits', 'inherited', 'accepted', 'of Cloudflare\'s network'],
  ['first_party_worker', 'inherited', 'accepted', 'of Cloudflare\'s network'],
  ['observability', 'inherited', 'accepted', 'logs go to the terminal'],
  ['logpush', 'inherited', 'accepted', 'logs go to the terminal'],
  ['tail_consumers', 'own', 'accepted', 'logs go to the terminal'],
  ['streaming_tail_consumers', 'own', 'accepted', 'logs go to the terminal'],
  ['upload_source_maps', 'inherited', 'accepted', 'stack traces always name the source'],
  ['minify', 'inherited', 'accepted', 'nothing is sent over a network'],
  ['preserve_file_names', 'inherited', 'accepted', 'of uploads'],
  ['python_modules', 'inherited', 'accepted', 'Python Workers do not run here'],
  ['triggers', 'inherited', 'accepted', 'nothing calls `scheduled()` yet'],
  ['connect', 'own', 'accepted', 'raw sockets are not listened on'],
  ['containers', 'own', 'accepted', 'using `ctx.container` fails'],
  ['cloudchamber', 'own', 'accepted', 'of Cloudflare\'s network'],
  ['pages_build_output_dir', 'top', 'accepted', 'of Pages'],
  ['send_metrics', 'top', 'accepted', 'Holdfast sends none'],
  ['dependencies_instrumentation', 'top', 'accepted', 'of uploads'],
  ['keep_vars', 'top', 'accepted', 'of uploads'],
  ['addresses', 'top', 'accepted', 'of Cloudflare\'s network'],
  ['kv_namespaces', 'own', 'binding', 'Workers KV'],
  ['d1_databases', 'own', 'binding', 'D1'],
  ['r2_buckets', 'own', 'binding', 'R2'],
  ['queues', 'own', 'binding', 'Queues'],
  ['workflows', 'own', 'binding', 'Workflows'],
  ['ai', 'own', 'binding', 'Workers AI'],
  ['ai_search', 'own', 'binding', 'AI Search'],
  ['ai_search_namespaces', 'own', 'binding', 'AI Search'],
  ['agent_memory', 'own', 'binding', 'Agent Memory'],
  ['vectorize', 'own', 'binding', 'Vectorize'],
  ['browser', 'own', 'binding', 'Browser Rendering'],
  ['hyperdrive', 'own', 'binding', 'Hyperdrive'],
  ['images', 'own', 'binding', 'Images'],
  ['media', 'own', 'binding', 'Media Transformations'],
  ['stream', 'own', 'binding', 'Stream'],
  ['analytics', 'own', 'binding', 'Analytics SQL'],
  ['analytics_engine_datasets', 'own', 'binding', 'Analytics Engine'],
  ['pipelines', 'own', 'binding', 'Pipelines'],
  ['k2', 'own', 'binding', 'K2 streams'],
  ['send_email', 'own', 'binding', 'Email sending'],
  ['ratelimits', 'own', 'binding', 'Rate limiting'],
  ['version_metadata', 'own', 'binding', 'Version metadata'],
  ['secrets_store_secrets', 'own', 'binding', 'Secrets Store'],
  ['mtls_certificates', 'own', 'binding', 'mTLS certificates'],
  ['dispatch_namespaces', 'own', 'binding', 'Workers for Platforms'],
  ['worker_loaders', 'own', 'binding', 'Worker Loaders'],
  ['vpc_services', 'own', 'binding', 'VPC services'],
  ['vpc_networks', 'own', 'binding', 'VPC networks'],
  ['artifacts', 'own', 'binding', 'Artifacts'],
  ['flagship', 'own', 'binding', 'Flagship'],
  ['logfwdr', 'inherited', 'binding', 'log forwarding'],
  ['unsafe', 'own', 'binding', 'unsafe bindings'],
  ['unsafe_hello_world', 'own', 'binding', 'Hello World'],
  ['assets', 'inherited', 'binding', 'static assets'],
  ['site', 'top', 'binding', 'Workers Sites'],
  ['wasm_modules', 'top', 'binding', 'WebAssembly of Service Worker syntax; import the file instead'],
  ['text_blobs', 'top', 'binding', 'text of Service Worker syntax; import the file instead'],
  ['data_blobs', 'top', 'binding', 'bytes of Service Worker syntax; import the file instead'],
];

/** @type {ReadonlyMap<string, Key>} by name, or `outer.inner` */
const KEYS = new Map(
  ROWS.map(([name, scope, use, note]) => [name, { ...(scope === '' ? {} : { scope }), use, note }]),
);

/** @param {string} key @param {Scope} scope */
const hasScope = (key, scope) => KEYS.get(key)?.scope === scope;

module.exports = { KEYS, hasScope };
