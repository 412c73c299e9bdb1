// Writes docs/config-keys.md from lib/config/key-table.js (--write), or says whether it is what it should be (--check).

import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import prettier from 'prettier';

const { KEYS } = createRequire(import.meta.url)('../lib/config/key-table');
const file = new URL('../docs/config-keys.md', import.meta.url);

/** @type {Record<string, string>} */
const scopes = { inherited: 'inherited', own: 'its own', top: 'top level only' };

/** @param {string} use @param {string[]} heading @param {(name: string, key: any) => string[]} row */
function table(use, heading, row) {
  const rows = [...KEYS].filter(([, key]) => key.use === use).map(([name, key]) => row(name, key));
  return [heading, heading.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

/** @param {{scope?: string}} key */
const scope = (key) => (key.scope ? scopes[key.scope] : '');

const text = `# Keys of a configuration

Made by \`scripts/config-keys.mjs\` from the table that Holdfast reads, \`lib/config/key-table.js\`; a test compares that with the
schema of wrangler. [configuration.md](configuration.md) explains the keys that need it. *Environments*: whether \`env.NAME\` takes a key
over from the top level when it does not repeat it (inherited), or has none then (its own).

## Supported

${table('supported', ['key', 'environments', 'note'], (name, key) => [`\`${name}\``, scope(key), key.note])}

## Bindings of kinds that do not exist here

Such a binding is on \`env\`, start names it in a warning, and using it throws an error that says what is missing and how to bring
your own: \`createRuntime({ bindings: { NAME: myImplementation } })\`.

${table('binding', ['key', 'environments', 'what it is'], (name, key) => [`\`${name}\``, scope(key), key.note])}

## Accepted

These have no effect. One line of warning at start names those that a configuration sets, and those that no version of wrangler
knows.

${table('accepted', ['key', 'environments', 'why'], (name, key) => [`\`${name}\``, scope(key), key.note])}
`;

const options = await prettier.resolveConfig(file);
const formatted = await prettier.format(text, { ...options, parser: 'markdown' });
if (process.argv.includes('--write')) {
  writeFileSync(file, formatted);
} else if (readFileSync(file, 'utf8') !== formatted) {
  console.error(
    'docs/config-keys.md is not what it should be: run node scripts/config-keys.mjs --write.',
  );
  process.exitCode = 1;
}
