// Holdfast as it is installed from the registry, where a start has less to look at than in a checkout.
import { cp, mkdir, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { packLib } from '../../scripts/pack-lib.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const directory = path.join(root, 'bench/out/holdfast');
/** @type {Promise<string> | undefined} */
let made;

/** @returns {Promise<string>} its directory, below that of the packages it depends on; made once in a run */
export function published() {
  made ??= publish();
  return made;
}

async function publish() {
  await packLib();
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  for (const name of ['bin', 'lib', 'packed/lib.js', 'package.json'])
    await cp(path.join(root, name), path.join(directory, name), { recursive: true });
  await symlink(path.join(root, 'build'), path.join(directory, 'build'));
  return directory;
}
