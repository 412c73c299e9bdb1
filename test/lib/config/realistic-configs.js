// Configurations as projects have them: every generation of wrangler, and what build tools write. `expected`: what they come to.
'use strict';

/** @type {Record<string, {file?: string, text: string, env?: string, expected: object}>} */
const REALISTIC = {
  'a chat of the first days of Durable Objects': {
    file: 'wrangler.toml',
    text: `name = "edge-chat"
type = "javascript"
account_id = ""
workers_dev = true
route = ""
zone_id = ""
compatibility_date = "2021-09-28"

[build]
command = ""

[build.upload]
format = "modules"
dir = "./src"
main = "./chat.mjs"

[[build.upload.rules]]
type = "Data"
globs = ["**/*.html"]

[durable_objects]
bindings = [
  { name = "rooms", class_name = "ChatRoom" },
  { name = "limiters", class_name = "RateLimiter" }
]

[[migrations]]
tag = "v1"
new_classes = ["ChatRoom", "RateLimiter"]
`,
    expected: {
      name: 'edge-chat',
      main: 'src/chat.mjs',
      classes: { ChatRoom: 'kv', RateLimiter: 'kv' },
      warnings: ['These keys have no effect here: type, account_id, workers_dev, route, zone_id.'],
    },
  },
  'a template with React, assets and observability': {
    text: `{
  "$schema": "node_modules/wrangler/config-schema.json",
  "name": "chat-template",
  "main": "src/server/index.ts",
  "compatibility_date": "2025-10-08",
  "compatibility_flags": ["nodejs_compat"],
  /* static files of the client */
  "assets": { "directory": "public", "binding": "ASSETS", "not_found_handling": "single-page-application" },
  "durable_objects": { "bindings": [{ "name": "Chat", "class_name": "Chat" }] },
  "migrations": [{ "tag": "v1", "new_sqlite_classes": ["Chat"] }],
  "observability": { "enabled": true, "head_sampling_rate": 1 },
  "upload_source_maps": true,
  "placement": { "mode": "smart" },
}`,
    expected: {
      name: 'chat-template',
      main: 'src/server/index.ts',
      classes: { Chat: 'sqlite' },
      warnings: ['These keys have no effect here: observability, upload_source_maps, placement.'],
    },
  },
  'assets without a name of their own on env': {
    text: `{ "name": "site", "main": "index.js", "compatibility_date": "2026-01-01", "assets": { "directory": "./dist" } }`,
    expected: {
      name: 'site',
      main: 'index.js',
      classes: {},
      warnings: [],
    },
  },
  'static files alone': {
    text: `{ "name": "site", "compatibility_date": "2026-01-01", "assets": { "directory": "./dist", "binding": "ASSETS" } }`,
    expected: {
      name: 'site',
      main: undefined,
      classes: {},
      warnings: [],
    },
  },
  'agents with a model, a browser, workflows and a queue': {
    text: `{
  "name": "agents-starter",
  "main": "src/server.ts",
  "compatibility_date": "2025-08-03",
  "compatibility_flags": ["nodejs_compat", "nodejs_compat_populate_process_env"],
  "ai": { "binding": "AI", "remote": true },
  "browser": { "binding": "BROWSER" },
  "vectorize": [{ "binding": "INDEX", "index_name": "docs" }],
  "workflows": [{ "name": "w", "binding": "FLOW", "class_name": "Flow" }],
  "queues": {
    "producers": [{ "binding": "JOBS", "queue": "jobs" }],
    "consumers": [{ "queue": "jobs", "max_batch_size": 10, "dead_letter_queue": "dead" }]
  },
  "send_email": [{ "name": "MAIL" }],
  "triggers": { "crons": ["*/5 * * * *"] },
  "durable_objects": { "bindings": [{ "name": "Agent", "class_name": "Agent" }] },
  "migrations": [{ "tag": "v1", "new_sqlite_classes": ["Agent"] }]
}`,
    expected: {
      name: 'agents-starter',
      main: 'src/server.ts',
      classes: { Agent: 'sqlite' },
      warnings: [
        'These bindings are not supported yet and throw when used: ai (env.AI), browser (env.BROWSER), vectorize (env.INDEX), workflows (env.FLOW).',
      ],
    },
  },
  'an environment that repeats what it needs': {
    file: 'wrangler.toml',
    env: 'production',
    text: `name = "sync"
main = "worker/worker.ts"
compatibility_date = "2024-07-01"
kv_namespaces = [{ binding = "CACHE", id = "1" }]
[dev]
port = 5172
ip = "0.0.0.0"
[durable_objects]
bindings = [{ name = "ROOM", class_name = "Room" }]
[[migrations]]
tag = "v1"
new_classes = ["OldRoom"]
[[migrations]]
tag = "v2"
renamed_classes = [{ from = "OldRoom", to = "Room" }]
[env.production]
routes = [{ pattern = "example.com", custom_domain = true }]
[env.production.durable_objects]
bindings = [{ name = "ROOM", class_name = "Room" }]
[[env.production.r2_buckets]]
binding = "UPLOADS"
bucket_name = "uploads"
`,
    expected: {
      name: 'sync-production',
      main: 'worker/worker.ts',
      classes: { Room: 'kv' },
      warnings: [
        '"env.production" does not inherit "kv_namespaces" from the top level; repeat what it needs.',
        'These keys have no effect here: routes.',
      ],
    },
  },
  'what the Vite plugin writes': {
    file: 'wrangler.json',
    text: JSON.stringify({
      configPath: '/home/me/app/wrangler.jsonc',
      userConfigPath: '/home/me/app/wrangler.jsonc',
      topLevelName: 'app',
      definedEnvironments: [],
      legacy_env: true,
      compatibility_date: '2026-01-01',
      compatibility_flags: ['nodejs_compat'],
      jsx_factory: 'React.createElement',
      jsx_fragment: 'React.Fragment',
      rules: [{ type: 'ESModule', globs: ['**/*.js', '**/*.mjs'] }],
      name: 'app',
      main: 'index.js',
      triggers: {},
      no_bundle: true,
      migrations: [{ tag: 'v1', new_sqlite_classes: ['Room'] }],
      exports: {},
      dev: {
        ip: 'localhost',
        local_protocol: 'http',
        upstream_protocol: 'http',
        enable_containers: true,
        generate_types: false,
      },
      assets: { directory: '../client' },
      vars: {},
      durable_objects: { bindings: [{ name: 'ROOM', class_name: 'Room' }] },
      queues: { producers: [], consumers: [] },
      unsafe: {},
      logfwdr: { bindings: [] },
      python_modules: { exclude: ['**/*.pyc'] },
      previews: {},
      cloudchamber: {},
      kv_namespaces: [],
      ratelimits: [],
    }),
    expected: {
      name: 'app',
      main: 'index.js',
      classes: { Room: 'sqlite' },
      warnings: [],
    },
  },
  'a Worker of several, with services and classes of others': {
    text: `{
  "name": "gateway",
  "main": "./src/gateway.ts",
  "compatibility_date": "2026-03-01",
  "services": [
    { "binding": "AUTH", "service": "auth", "entrypoint": "Auth" },
    { "binding": "SELF", "service": "gateway" }
  ],
  "durable_objects": { "bindings": [{ "name": "ROOM", "class_name": "Room", "script_name": "rooms" }] },
  "tail_consumers": [{ "service": "logs" }],
  "limits": { "cpu_ms": 300000 },
  "logpush": false
}`,
    expected: {
      name: 'gateway',
      main: 'src/gateway.ts',
      classes: {},
      warnings: ['These keys have no effect here: tail_consumers, limits, logpush.'],
    },
  },
  'classes declared by exports': {
    text: `{
  "name": "declared", "main": "a.ts", "compatibility_date": "2026-08-25",
  "exports": {
    "Room": { "type": "durable-object", "storage": "sqlite" },
    "Old": { "type": "durable-object", "storage": "legacy-kv", "state": "created" },
    "Api": { "type": "worker", "cache": { "enabled": false } },
    "Flow": { "type": "workflow", "name": "flow" }
  },
  "containers": [{ "class_name": "Room", "image": "./Dockerfile", "max_instances": 2 }]
}`,
    expected: {
      name: 'declared',
      main: 'a.ts',
      classes: { Room: 'sqlite', Old: 'kv' },
      warnings: ['These keys have no effect here: containers.'],
    },
  },
  'Rust, built by a program': {
    file: 'wrangler.toml',
    text: `name = "rust"
main = "build/worker/shim.mjs"
compatibility_date = 2023-03-22
[build]
command = "cargo install -q worker-build && worker-build --release"
watch_dir = ["src", "assets"]
[[rules]]
globs = ["**/*.wasm"]
type = "CompiledWasm"
fallthrough = false
[vars]
LEVEL = 3
[vars.NESTED]
a = [1, 2]
`,
    expected: { name: 'rust', main: 'build/worker/shim.mjs', classes: {}, warnings: [] },
  },
  Python: {
    file: 'wrangler.toml',
    text: `name = "py"
main = "src/entry.py"
compatibility_date = "2025-11-02"
compatibility_flags = ["python_workers"]
[[rules]]
globs = ["vendor/**/*.py"]
type = "PythonModule"
fallthrough = true
`,
    expected: { name: 'py', main: 'src/entry.py', classes: {}, warnings: [] },
  },
  'a site of Workers Sites': {
    file: 'wrangler.toml',
    text: `name = "blog"
compatibility_date = "2022-01-01"
[site]
bucket = "./public"
entry-point = "workers-site"
`,
    expected: {
      name: 'blog',
      main: 'workers-site/index.js',
      classes: {},
      warnings: [],
    },
  },
};

module.exports = { REALISTIC };
