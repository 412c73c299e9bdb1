// Runs a project in miniflare as `wrangler dev` does: node miniflare-program.js PROJECT STATE
//
// STATE is what wrangler calls `.wrangler/state/v3`. Prints `Ready on URL`; It is disposed of when standard input
// ends: miniflare has plans of its own for signals.
'use strict';

const fs = require('node:fs');
const { Miniflare, convertV4MiniflareOptions } = require('miniflare');
const { resolveProject } = require('../../lib/config');

const [, , project, state] = process.argv;

async function main() {
  const config = resolveProject({ project });
  const objects = config.durableObjectBindings.map(({ name, className }) => [
    name,
    { className, useSQLite: config.classes.get(className) === 'sqlite' },
  ]);
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      name: config.name,
      modules: true,
      script: fs.readFileSync(config.main, 'utf8'),
      compatibilityDate: config.compatibilityDate,
      durableObjects: Object.fromEntries(objects),
      resourcePersistencePath: state,
      host: '127.0.0.1',
      port: 0,
    }),
  );
  console.log(`Ready on ${(await miniflare.ready).origin}`);
  process.stdin.resume().on('end', async () => {
    await miniflare.dispose();
    process.exit(0);
  });
}

main();
