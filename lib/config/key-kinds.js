// What each key of a config file is to us: how environments treat it (S8.1.4 to S8.1.6) and whether we use it.
'use strict';

/** An environment that does not repeat these gets the top level's. */
const INHERITABLE = words(`
  name main account_id compatibility_date compatibility_flags find_additional_modules preserve_file_names base_dir
  workers_dev preview_urls route routes tsconfig jsx_factory jsx_fragment migrations exports triggers limits rules build
  no_bundle minify keep_names first_party_worker logfwdr logpush upload_source_maps placement assets observability
  access cache compliance_region python_modules previews
`);

/** An environment that does not repeat these has none. */
const NON_INHERITABLE = words(`
  define vars secrets durable_objects workflows cloudchamber containers kv_namespaces send_email queues connect
  r2_buckets d1_databases vectorize ai_search ai_search_namespaces agent_memory websearch hyperdrive services
  analytics_engine_datasets browser ai images media stream version_metadata unsafe mtls_certificates tail_consumers
  streaming_tail_consumers dispatch_namespaces pipelines secrets_store_secrets artifacts unsafe_hello_world flagship
  ratelimits worker_loaders vpc_services vpc_networks
`);

/** These stand at the top only and hold for every environment. */
const TOP_LEVEL_ONLY = words(`
  env dev alias site wasm_modules text_blobs data_blobs send_metrics dependencies_instrumentation keep_vars addresses
  pages_build_output_dir legacy_env $schema
`);

/** Keys that change what Holdfast does. */
const USED = words(`
  $schema name main compatibility_date compatibility_flags tsconfig jsx_factory jsx_fragment migrations exports rules
  build no_bundle keep_names define vars secrets durable_objects services env dev alias
`);

/** Keys that put something on `env` which does not exist here: each such binding throws when used (S8.1.7). */
const UNSUPPORTED_BINDINGS = words(`
  workflows kv_namespaces send_email queues connect r2_buckets d1_databases vectorize ai_search ai_search_namespaces
  agent_memory websearch hyperdrive services analytics_engine_datasets browser ai images media stream version_metadata
  unsafe mtls_certificates dispatch_namespaces pipelines secrets_store_secrets artifacts unsafe_hello_world flagship
  ratelimits worker_loaders vpc_services vpc_networks assets wasm_modules text_blobs data_blobs
`);

/** @param {string} text */
function words(text) {
  return new Set(text.trim().split(/\s+/));
}

module.exports = { INHERITABLE, NON_INHERITABLE, TOP_LEVEL_ONLY, UNSUPPORTED_BINDINGS, USED };
