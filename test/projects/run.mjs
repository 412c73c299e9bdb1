// A public program on Holdfast, from a checkout kept outside this repository. See README.md.
//
// usage: node test/projects/run.mjs <checkout> <driver>... [--address URL]
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { serveCheckout } from './harness/serve-checkout.mjs';

const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const known = readdirSync(here)
  .filter((file) => file.endsWith('.mjs') && file !== 'run.mjs')
  .map((file) => path.basename(file, '.mjs'));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { address: { type: 'string' } },
});
const [checkout, ...names] = positionals;
const unknown = names.filter((name) => !known.includes(name));
if (checkout === undefined || names.length === 0 || unknown.length > 0) {
  for (const name of unknown) console.error(`there is no driver ${name}`);
  console.error('usage: node test/projects/run.mjs <checkout> <driver>... [--address URL]');
  console.error(`drivers: ${known.join(', ')}`);
  process.exit(2);
}
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));

for (const name of names) {
  try {
    const { default: driver } = await import(`./${name}.mjs`);
    await hold(driver);
    console.log(`passed ${name}`);
  } catch (error) {
    process.exitCode = 1;
    console.log(`FAILED ${name}\n${String(error.stack).replace(/^/gm, '    ')}`);
  }
}

/** @param {import('./harness/serve-checkout.mjs').Driver} driver */
async function hold(driver) {
  const folder = path.resolve(checkout, driver.folder ?? '.');
  if (values.address !== undefined) {
    const url = values.address.replace(/\/$/, '');
    await driver.converse({ url, folder, restart: async () => url });
    return;
  }
  const server = await serveCheckout(folder, driver);
  try {
    await driver.converse(server);
  } finally {
    await server.end();
  }
}
