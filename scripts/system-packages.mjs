// The Debian packages the project is built and tested with: which are missing, and how they come in.

import { existsSync, statSync } from 'node:fs';
import { capture, hasProgram, run } from './run.mjs';

/** @typedef {{name: string, present: () => boolean}} SystemPackage */

/** @type {SystemPackage[]} */
const forBuild = [
  { name: 'g++', present: () => hasProgram('g++') },
  { name: 'cmake', present: () => hasProgram('cmake') },
  { name: 'ninja-build', present: () => hasProgram('ninja') },
  { name: 'libboost-dev', present: () => existsSync('/usr/include/boost/beast.hpp') },
  { name: 'libuv1-dev', present: () => existsSync('/usr/include/uv.h') },
];

/** @type {SystemPackage[]} */
const forTests = [
  { name: 'libgtest-dev', present: () => existsSync('/usr/include/gtest/gtest.h') },
  { name: 'clang', present: () => hasProgram('clang++') },
  { name: 'libclang-rt-dev', present: hasFuzzerRuntime },
  { name: 'clang-format', present: () => hasProgram('clang-format') },
  { name: 'clang-tidy', present: () => hasProgram('clang-tidy') },
  { name: 'sqlite3', present: () => hasProgram('sqlite3') },
  { name: 'chromium', present: () => hasProgram('chromium') },
];

/** Debian's clang only recommends it. @returns {boolean} whether clang can link with -fsanitize=fuzzer */
function hasFuzzerRuntime() {
  if (!hasProgram('clang++')) return false;
  const library = `libclang_rt.fuzzer-${process.arch === 'x64' ? 'x86_64' : 'aarch64'}.a`;
  return existsSync(capture('clang++', [`-print-file-name=${library}`]).stdout.trim());
}

/**
 * @param {{tests: boolean}} options whether the packages of the tests are wanted too
 * @returns {string[]} names of the packages this machine lacks
 */
export function missingPackages({ tests }) {
  const wanted = tests ? [...forBuild, ...forTests] : forBuild;
  return wanted.filter((each) => !each.present()).map((each) => each.name);
}

/** @returns {string[] | null} what to put in front of a command that needs root, null if nothing helps */
function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  return hasProgram('sudo') && capture('sudo', ['-n', 'true']).ok ? ['sudo', '-n'] : null;
}

/** @returns {boolean} whether apt's package lists were fetched in the last day */
function listsAreFresh() {
  const stamp = '/var/lib/apt/lists/partial';
  return existsSync(stamp) && Date.now() - statSync(stamp).mtimeMs < 24 * 3600 * 1000;
}

/**
 * Installs packages, as root or with password-less sudo only.
 * @param {string[]} names
 * @returns {boolean} false when it could not; what to do has then been printed
 */
export function installPackages(names) {
  const byHand = `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${names.join(' ')}`;
  const prefix = hasProgram('apt-get') ? rootPrefix() : null;
  if (!prefix) {
    console.error(`holdfast: these system packages are missing: ${names.join(' ')}`);
    console.error(
      `holdfast: install them, then run this again. On Debian or Ubuntu:\n\n  ${byHand}\n`,
    );
    return false;
  }
  console.log(`holdfast: installing system packages: ${names.join(' ')}`);
  const apt = (/** @type {string[]} */ ...args) => {
    const [command, ...rest] = [
      ...prefix,
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      ...args,
    ];
    return run(command, rest);
  };
  const install = () => apt('install', '-y', '-q', '--no-install-recommends', ...names);
  if (listsAreFresh() && install()) return true;
  if (apt('update', '-q') && install()) return true;
  console.error(`holdfast: apt-get failed. By hand:\n\n  ${byHand}\n`);
  return false;
}
