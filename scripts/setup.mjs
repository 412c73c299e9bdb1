// Makes a clean clone ready to run: system packages, npm packages, native build. Each step is skipped
// when it has nothing to do. Runs before node_modules exists, so it uses Node's own modules only.
//
//   node scripts/setup.mjs          what `npm start` and `npm run build` need
//   node scripts/setup.mjs --test   also what `npm test` needs

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, statSync, symlinkSync, utimesSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { builtAddon, updatePrebuild } from './prebuild.mjs';
import { capture, root, run } from './run.mjs';
import { installPackages, missingPackages } from './system-packages.mjs';

const tests = process.argv.includes('--test');

/** @param {string} message */
function fail(message) {
  console.error(`holdfast: ${message}`);
  process.exit(1);
}

function checkNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) fail(`Node.js 20 or newer is needed; this is ${process.version}`);
  if (process.platform !== 'linux') fail(`only Linux is supported; this is ${process.platform}`);
}

function systemPackages() {
  const missing = missingPackages({ tests });
  if (missing.length > 0 && !installPackages(missing)) process.exit(1);
}

function npmPackages() {
  const lock = path.join(root, 'package-lock.json');
  // npm writes this file last, so an interrupted installation is taken up again.
  const installed = path.join(root, 'node_modules/.package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  console.log('holdfast: installing npm packages');
  // Not `npm ci`: npm 11 refuses a lock file without the optional packages of other systems, and a
  // registry that lacks those cannot be locked with them. This installs what the lock file says, by
  // its checksums, and leaves it as it is.
  const args = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
  if (!run('npm', [...args, '--loglevel=error']))
    fail(`\`npm ${args.join(' ')}\` failed; see its message above`);
  utimesSync(installed, new Date(), new Date());
}

async function nativeBuild() {
  const build = path.join(root, 'build/release');
  if (!existsSync(path.join(build, 'build.ninja'))) {
    console.log('holdfast: configuring the native build');
    const { ok, stdout, stderr } = capture('cmake', ['--preset', 'release']);
    if (!ok) fail(`cmake failed:\n${stdout}${stderr}`);
  }
  linkCompileCommands(path.join(build, 'compile_commands.json'));
  if (!(await ninja(build))) fail('the native build failed; see the messages above');
  if (existsSync(builtAddon)) updatePrebuild();
}

/**
 * Runs ninja and shows what it says, but nothing at all when there was nothing to do.
 * @param {string} build
 * @returns {Promise<boolean>}
 */
async function ninja(build) {
  const jobs = String(availableParallelism());
  const child = spawn('ninja', ['-C', build, '-j', jobs], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  let announced = false;
  for await (const line of createInterface({ input: child.stdout })) {
    if (/^ninja: (Entering|no work)|Re-checking globbed/.test(line)) continue;
    if (!announced)
      console.log('holdfast: building the native part (a few minutes the first time)');
    announced = true;
    console.log(line);
  }
  const [status] = await closed;
  return status === 0;
}

/** @param {string} target what editors and clang-tidy look for at the root */
function linkCompileCommands(target) {
  const link = path.join(root, 'compile_commands.json');
  if (!lstatSync(link, { throwIfNoEntry: false })) symlinkSync(path.relative(root, target), link);
}

checkNode();
systemPackages();
npmPackages();
await nativeBuild();
// Not before the dependencies are there: it needs one of them.
const { packLib } = await import('./pack-lib.mjs');
await packLib();
