// npm packages that only a benchmark needs, fetched into bench/out when it runs.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const out = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../out/packages');

/**
 * @param {string} name of the package
 * @param {string} version
 * @param {string} made a file below the package that is there once it is installed
 * @returns {Promise<string>} the directory whose node_modules has it
 */
export async function fetched(name, version, made) {
  const directory = path.join(out, `${name}-${version}`);
  if (existsSync(path.join(directory, 'node_modules', name, made))) return directory;
  await mkdir(directory, { recursive: true });
  await writeFile(path.join(directory, 'package.json'), '{ "private": true }\n');
  const args = ['install', '--no-audit', '--no-fund', `${name}@${version}`];
  console.log(`npm ${args.join(' ')}`);
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd: directory, encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed\n${stdout}${stderr}`);
  return directory;
}
