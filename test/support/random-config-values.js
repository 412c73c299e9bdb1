// Values of configuration keys, chosen by a seeded generator: those that a runtime needs in all their forms.
'use strict';

/** @typedef {(below: number) => number} Random */

/** @param {Random} random */
function choices(random) {
  const pick = (/** @type {any[]} */ list) => list[random(list.length)];
  const chance = (/** @type {number} */ percent) => random(100) < percent;
  /** @template T @param {number} most @param {(index: number) => T} make @returns {T[]} */
  const some = (most, make) => Array.from({ length: random(most + 1) }, (_, index) => make(index));
  /** @param {Table} table each value may be missing: with a chance in percent, or one of its own */
  const partly = (table, percent = 60) =>
    Object.fromEntries(Object.entries(table).filter(() => chance(percent)));
  return { pick, chance, some, partly };
}

/** Makes names of bindings, most of them unlike each other. @param {Random} random */
function namer(random) {
  let count = 0;
  return () => (random(60) === 0 ? 'SAME' : `B${++count}`);
}

/** What a section may have, by key. @param {Random} random @returns {Record<string, () => unknown>} */
function makers(random) {
  const { pick, chance, some, partly } = choices(random);
  const name = namer(random);
  const className = () => pick(['A', 'B', 'C', 'D', 'E']);
  const dir = () => pick(['src', './src', '../up', 'a/b', '.', 'x y']);
  const cron = () => pick(['*/5 * * * *', '0 9 * * MON', '0 0 1 1 *']);
  const word = () => pick(['alpha', 'beta-2', 'gamma', 'x.y', 'Zeta', 'a b']);
  const scalar = () => pick(['text', '', 1, 0, -2.5, true, false, '1', 'ä']);
  const json = () => pick([scalar(), [scalar(), scalar()], { a: scalar(), b: { c: [1] } }, {}, []]);
  return {
    name: () => pick(['app', 'my-app', 'a_1', '9lives', '']),
    main: () => pick(['src/index.ts', './worker.js', '../up.mjs', 'index.js']),
    compatibility_date: () => pick(['2023-01-31', '2024-09-23', '2026-08-25', '2021-11-02']),
    compatibility_flags: () =>
      pick([[], ['nodejs_compat'], ['nodejs_compat', 'global_navigator'], ['no_nodejs_compat']]),
    vars: () =>
      Object.fromEntries(some(4, () => [pick(['V1', 'V2', 'FROM_FILE', 'HOST', 'V3']), json()])),
    secrets: () =>
      partly({ required: pick([['S1'], ['FROM_FILE'], ['HOST', 'S1'], [], ['S1', 'S1']]) }, 90),
    durable_objects: () => partly({ bindings: some(3, () => durableObject()) }, 95),
    migrations: () => migrations(random),
    services: () =>
      some(2, () => ({
        binding: name(),
        service: word(),
        ...partly({ entrypoint: 'Other', props: { a: json() } }, 40),
      })),
    kv_namespaces: () => some(2, () => ({ binding: name(), ...partly({ id: word() }) })),
    d1_databases: () =>
      some(2, () => ({
        binding: name(),
        ...partly({ database_id: word() }, 80),
        ...partly({ database_name: word(), migrations_dir: 'm' }, 50),
      })),
    r2_buckets: () =>
      some(2, () => ({ binding: name(), ...partly({ bucket_name: pick(['bucket', 'b-2']) }) })),
    queues: () =>
      partly({ producers: some(2, () => producer()), consumers: some(2, () => consumer()) }, 80),
    send_email: () =>
      some(2, () => ({
        // As limiters.
        name: pick(['MAIL1', 'MAIL2']),
        ...pick([
          {},
          { destination_address: word() },
          { allowed_destination_addresses: some(2, word) },
        ]),
        ...partly({ allowed_sender_addresses: some(2, word) }),
      })),
    ratelimits: () =>
      some(2, () => ({
        // wrangler lets a limiter hide a binding of the same name.
        name: pick(['LIMIT1', 'LIMIT2']),
        namespace_id: pick(['1', '2']),
        simple: { limit: random(9), period: pick([10, 60]) },
      })),
    secrets_store_secrets: () =>
      some(2, () => ({ binding: name(), store_id: word(), secret_name: word() })),
    version_metadata: () => ({ binding: name() }),
    triggers: () => partly({ crons: some(2, cron) }, 90),
    assets: () => ({
      directory: dir(),
      ...partly(
        {
          binding: name(),
          html_handling: pick(['auto-trailing-slash', 'drop-trailing-slash', 'none']),
          not_found_handling: pick(['single-page-application', '404-page', 'none']),
          run_worker_first: pick([true, false, ['/api/*', '!/api/docs/*'], ['/*']]),
        },
        40,
      ),
    }),
    rules: () =>
      some(3, () => ({
        type: pick(['ESModule', 'CommonJS', 'CompiledWasm', 'Text', 'Data']),
        globs: some(2, () => pick(['**/*.md', '**/*.wasm', '*.x'])),
        ...partly({ fallthrough: chance(50) }, 50),
      })),
    find_additional_modules: () => chance(50),
    base_dir: dir,
    no_bundle: () => chance(50),
    build: () => partly({ command: 'make', cwd: dir(), watch_dir: pick([dir(), [dir(), dir()]]) }),
    define: () => partly({ ONE: '1', TWO: '"two"' }),
    tsconfig: () => pick(['tsconfig.json', 'a/tsconfig.build.json']),
    jsx_factory: () => 'h',
    jsx_fragment: () => 'Fragment',
    keep_names: () => chance(50),
    // What has no effect here, in every scope.
    routes: () => some(2, () => pick(['example.com/*', { pattern: 'e.com', custom_domain: true }])),
    limits: () => ({ cpu_ms: 50 }),
    placement: () => ({ mode: 'smart' }),
    observability: () => ({ enabled: chance(50) }),
    workers_dev: () => chance(50),
    logpush: () => chance(50),
    ai: () => ({ binding: name() }),
    vectorize: () => some(1, () => ({ binding: name(), index_name: 'index' })),
    unknown_key: () => json(),
  };

  function durableObject() {
    const elsewhere = chance(30) ? { script_name: word() } : {};
    return { name: name(), class_name: className(), ...elsewhere };
  }
  function producer() {
    return {
      binding: name(),
      ...partly({ queue: word() }, 90),
      ...partly({ delivery_delay: 3 }, 30),
    };
  }
  function consumer() {
    const numbers = ['max_batch_size', 'max_batch_timeout', 'max_retries', 'retry_delay'];
    const given = Object.fromEntries(numbers.map((key) => [key, 1 + random(9)]));
    return { queue: word(), ...partly({ ...given, dead_letter_queue: word() }, 40) };
  }
}

/** @param {Random} random @returns {Record<string, () => unknown>} what stands at the top level only */
function topMakers(random) {
  const { pick, some, partly } = choices(random);
  const files = (/** @type {string} */ prefix) => () =>
    Object.fromEntries(some(2, (index) => [`${prefix}${index}`, pick(['a.bin', './b/c.txt'])]));
  return {
    $schema: () => './node_modules/wrangler/config-schema.json',
    alias: () => partly({ react: 'preact/compat', './a': './b' }),
    dev: () => partly({ ip: '0.0.0.0', port: random(65536), inspector_port: 9229 }),
    site: () => ({
      bucket: pick(['public', './dist']),
      ...partly({ include: ['*.html'], exclude: ['*.map', 'a/**'] }, 40),
      ...partly({ 'entry-point': pick(['workers-site', 'site/main.js']) }, 20),
    }),
    wasm_modules: files('W'),
    text_blobs: files('T'),
    data_blobs: files('D'),
    send_metrics: () => false,
    keep_vars: () => true,
  };
}

/** @param {Random} random */
function migrations(random) {
  const all = [
    { tag: 'v1', new_classes: ['A'], new_sqlite_classes: ['B', 'C'] },
    { tag: 'v2', renamed_classes: [{ from: 'A', to: 'D' }], deleted_classes: ['B'] },
    { tag: 'v3', new_sqlite_classes: ['E', 'B'] },
    { tag: 'v4' },
  ];
  const chosen = all.slice(0, random(all.length + 1));
  if (random(12) === 0) chosen.shift();
  return chosen;
}

/** @param {Random} random */
function makeExports(random) {
  const { pick, partly } = choices(random);
  const type = 'durable-object';
  return partly({
    A: { type, storage: pick(['sqlite', 'legacy-kv']) },
    B: { type, state: 'created', storage: 'sqlite' },
    X: { type, state: 'renamed', renamed_to: 'A' },
    Y: { type, state: 'deleted' },
    Z: { type, state: 'expecting-transfer', storage: 'sqlite', transfer_from: 'other' },
    default: { type: 'worker' },
  });
}

module.exports = { choices, makeExports, makers, topMakers };
