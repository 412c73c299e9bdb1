// The steps of `npm test`: what each runs and how many tests of it passed and failed.

import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { jest } from './jest.mjs';
import { capture, root, run, runAndKeep } from './run.mjs';

/** @typedef {{passed: number, failed: number}} Count */

/**
 * Builds and runs the native tests of one CMake preset.
 * @param {string} preset release, debug, asan or tsan
 * @returns {Count}
 */
export function native(preset) {
  const build = path.join(root, 'build', preset);
  const { ok, stdout, stderr } = capture('cmake', ['--preset', preset]);
  if (!ok) return failure(`cmake --preset ${preset} failed:\n${stdout}${stderr}`);
  // A room that does not build fails alone: CTest counts its executable as not run.
  const built = run('cmake', [
    '--build',
    build,
    '--target',
    'native_tests',
    '-j2',
    '--',
    '-k',
    '0',
  ]);
  const results = path.join(build, 'test-results');
  rmSync(results, { recursive: true, force: true });
  const ctest = ['ctest', '--preset', preset, '--quiet'];
  const [command, ...args] = preset === 'tsan' ? withFixedAddresses(ctest) : ctest;
  const passed = run(command, args, { env: { CTEST_OUTPUT_ON_FAILURE: '1' } });
  if (!existsSync(results)) return failure('no native test wrote a result');
  const counts = readdirSync(results).map((name) =>
    gtestCount(readFileSync(path.join(results, name), 'utf8')),
  );
  const sum = (/** @type {keyof Count} */ of) => counts.reduce((all, one) => all + one[of], 0);
  return settle(built && passed, sum('passed'), sum('failed'));
}

/** @param {string} xml what a GoogleTest program wrote @returns {Count} */
function gtestCount(xml) {
  const [, tests, failed] =
    /<testsuites[^>]*\btests="(\d+)"[^>]*\bfailures="(\d+)"/s.exec(xml) ?? [];
  return { passed: Number(tests) - Number(failed), failed: Number(failed) };
}

/**
 * The thread sanitizer gives up where Linux randomizes addresses by 32 bits.
 * @param {string[]} command
 * @returns {string[]} the command without randomization, where the system lets us choose
 */
function withFixedAddresses(command) {
  return capture('setarch', ['-R', 'true']).ok ? ['setarch', '-R', ...command] : command;
}

/**
 * The soaks (test/soak) over an addon with address and undefined sanitizers; HOLDFAST_SOAK_SECONDS says for how long.
 * @returns {Count}
 */
export function sanitizedSoak() {
  const build = path.join(root, 'build/asan-addon');
  const configured = capture('cmake', ['--preset', 'asan-addon']);
  if (!configured.ok)
    return failure(`cmake --preset asan-addon failed:\n${configured.stdout}${configured.stderr}`);
  if (!run('cmake', ['--build', '--preset', 'asan-addon', '-j2']))
    return failure('the sanitized addon does not build');
  // Where node-gyp-build looks when HOLDFAST_PREBUILD names another root.
  const place = path.join(build, 'package');
  mkdirSync(path.join(place, 'build/Release'), { recursive: true });
  copyFileSync(path.join(build, 'holdfast.node'), path.join(place, 'build/Release/holdfast.node'));
  // Node has neither the sanitizers nor a libstdc++ that they could find: both come first.
  const preloaded = ['libasan.so', 'libstdc++.so'].map((file) =>
    capture('g++', [`-print-file-name=${file}`]).stdout.trim(),
  );
  return jest(['soak'], {
    HOLDFAST_PREBUILD: place,
    LD_PRELOAD: preloaded.join(' '),
    // Leaks are what the soaks look for themselves. They watch memory: what was freed is not kept for long, and of the stacks
    // of allocations, which are kept for good and with V8's code in them are never the same twice, only the ends.
    ASAN_OPTIONS: 'detect_leaks=0:quarantine_size_mb=16:malloc_context_size=2:abort_on_error=1',
    UBSAN_OPTIONS: 'print_stacktrace=1',
  });
}

/** @returns {string[]} the areas with Jest tests that run against the built package and have no step of their own */
export function jestAreas() {
  const alone = new Set(['tidy', 'package', 'crash']);
  return readdirSync(path.join(root, 'test'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !alone.has(entry.name))
    .map((entry) => entry.name)
    .filter((area) =>
      readdirSync(path.join(root, 'test', area), { recursive: true }).some((file) =>
        String(file).endsWith('.test.js'),
      ),
    );
}

/** @returns {Count} of the cases compared with workerd */
export function conformance() {
  const { ok, stdout } = runAndKeep('node', ['test/conformance/run.mjs']);
  const [, passed, failed] = /^conformance: (\d+) passed, (\d+) failed/m.exec(stdout) ?? [];
  if (passed === undefined) return failure('the conformance run gave no count');
  return settle(ok, Number(passed), Number(failed));
}

/** How long each fuzzer looks for something new, in seconds, where nothing else is said. */
const FUZZ_SECONDS = 10;

/**
 * Builds the fuzzers and runs each over its corpus and what it makes of that; one test per fuzzer.
 * @returns {Count}
 */
export function fuzz() {
  const seconds = Number(process.env.HOLDFAST_FUZZ_SECONDS ?? FUZZ_SECONDS);
  const build = path.join(root, 'build/fuzz');
  const { ok, stdout, stderr } = capture('cmake', ['--preset', 'fuzz']);
  if (!ok) return failure(`cmake --preset fuzz failed:\n${stdout}${stderr}`);
  if (!run('cmake', ['--build', '--preset', 'fuzz', '-j2']))
    return failure('the fuzzers do not build');
  const names = readdirSync(build).filter((name) => name.endsWith('_fuzz'));
  const results = names.map((name) => {
    const found = path.join(build, 'corpus', name);
    mkdirSync(found, { recursive: true });
    const seeds = path.join(root, 'test/fuzz/corpus', name.replace(/_fuzz$/, ''));
    const limits = [`-max_total_time=${seconds}`, '-timeout=10', '-rss_limit_mb=2048'];
    const output = ['-print_final_stats=1', '-verbosity=0', `-artifact_prefix=${build}/${name}-`];
    console.log(`${name}: ${seconds} s`);
    return run(path.join(build, name), [...limits, ...output, found, seeds]);
  });
  return { passed: results.filter(Boolean).length, failed: results.filter((one) => !one).length };
}

/** @returns {Count} types/ compiled against its tests and the examples; one test per project */
export function types() {
  const projects = ['types/tsconfig.json', 'test/types/workers-types/tsconfig.json'].filter(
    (project) => existsSync(path.join(root, project)),
  );
  if (projects.length === 0) return failure('there is no types/tsconfig.json');
  const results = projects.map((project) => run('npx', ['--no-install', 'tsc', '-p', project]));
  const passed = results.filter(Boolean).length;
  return { passed, failed: results.length - passed };
}

/**
 * A run that failed without a failed test (a crash, a time-out) counts as one failure.
 * @param {boolean} ok
 * @param {number} passed
 * @param {number} failed
 * @returns {Count}
 */
function settle(ok, passed, failed) {
  return { passed, failed: ok || failed > 0 ? failed : 1 };
}

/**
 * @param {string} message
 * @returns {Count}
 */
function failure(message) {
  console.error(message);
  return { passed: 0, failed: 1 };
}
