// Puts the stripped release build where `npm pack` takes it from and node-gyp-build finds it in an
// installed package. setup.mjs does it after each build; `npm run prebuild` does it by hand.

import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { root, run } from './run.mjs';

/** What CMake's release build makes and what a checkout loads. */
export const builtAddon = path.join(root, 'build/Release/holdfast.node');

// The tag `glibc` keeps node-gyp-build from choosing it on a musl system, where it cannot load.
const prebuilt = path.join(
  root,
  `prebuilds/${process.platform}-${process.arch}/holdfast.glibc.node`,
);

/** Brings prebuilds/ up to date with the release build, which must exist. */
export function updatePrebuild() {
  const isCurrent =
    existsSync(prebuilt) && statSync(prebuilt).mtimeMs >= statSync(builtAddon).mtimeMs;
  if (isCurrent) return;
  rmSync(path.join(root, 'prebuilds'), { recursive: true, force: true });
  mkdirSync(path.dirname(prebuilt), { recursive: true });
  const partial = `${prebuilt}.partial`;
  copyFileSync(builtAddon, partial);
  if (!run('strip', ['--strip-unneeded', partial])) throw new Error('strip failed');
  renameSync(partial, prebuilt);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!existsSync(builtAddon)) {
    console.error(`holdfast: there is no ${builtAddon}; run \`npm run build\` first`);
    process.exit(1);
  }
  updatePrebuild();
}
