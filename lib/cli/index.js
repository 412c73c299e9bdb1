// main: the command line program.
'use strict';

const { stopBundler } = require('../build');
const { installLog } = require('../log/install-log');
const { dev } = require('./dev');
const { askYesNo } = require('./ask');
const { init } = require('./init');
const { listenToKeys, openBrowser } = require('./keys');
const { migrationsList } = require('./migrations');
const { makeProgram } = require('./options');
const { plainArguments } = require('./plain-arguments');
const { Server } = require('./server');
const { reportUncaught } = require('./report-uncaught');
const { handleSignals } = require('./signals');
const { spreadPairs } = require('./spread-pairs');
const { start } = require('./start');
const { Terminal } = require('./terminal');
const { verify } = require('./verify');

/**
 * Runs until a signal ends the process; an error before the server is ready ends it with exit code 1. So do problems that
 * `verify` finds.
 * @param {readonly string[]} argv as process.argv
 * @param {object} native what needs the addon
 * @param {import('./server').CreateRuntime} native.createRuntime
 * @param {() => void} [native.prepareRuntime] Loads what createRuntime() needs; called while the bundler works.
 * @param {import('./migrations').ReadMigrations} native.readMigrations
 * @param {import('./verify').VerifyDataDirectory} native.verifyDataDirectory
 */
async function main(argv, native) {
  const { createRuntime, prepareRuntime = () => {}, readMigrations, verifyDataDirectory } = native;
  const terminal = new Terminal({
    stdout: process.stdout,
    stderr: process.stderr,
    cwd: process.cwd(),
    debug: Boolean(process.env.HOLDFAST_DEBUG),
  });
  const serve = async (
    /** @type {'start' | 'dev'} */ mode,
    /** @type {import('./options').ServeOptions} */ options,
  ) => {
    terminal.format = options.logFormat ?? 'text';
    installLog(terminal.format);
    const development = mode === 'dev' ? { development: true } : {};
    const server = new Server(createRuntime, { ...options, ...development }, asker(process));
    handleSignals({
      source: process,
      drain: async () => {
        await server.close();
        // By itself it may outlive us when it is told in the middle of a build, and hold our standard error open.
        await stopBundler();
      },
      exit: (code) => process.exit(code),
      report: (error) => terminal.error(error),
    });
    reportUncaught(process);
    // After what follows has given its work to the bundler.
    setImmediate(prepareRuntime);
    await (mode === 'dev' ? dev : start)(options, server, terminal);
    if (mode === 'start') return;
    // After the first run: until then a question may be asked.
    listenToKeys(process.stdin, {
      url: () => terminal.url,
      openBrowser,
      write: (text) => process.stderr.write(text),
      end: () => process.kill(process.pid, 'SIGINT'),
    });
  };
  const program = () =>
    makeProgram({
      serve,
      verify: async (options) => {
        if (!(await verify(options, verifyDataDirectory, terminal))) process.exitCode = 1;
      },
      init: (options) => init(options, terminal),
      listMigrations: (options) => migrationsList(options, readMigrations, terminal),
    });
  try {
    const args = spreadPairs(argv.slice(2));
    const plain = plainArguments(args);
    await (plain ? serve(plain.mode, plain.options) : program().parseAsync(args, { from: 'user' }));
  } catch (error) {
    terminal.error(error);
    process.exit(1);
  }
}

/**
 * Where somebody sits at a terminal.
 * @param {Pick<NodeJS.Process, 'stdin' | 'stderr'>} source
 * @returns {((question: string) => Promise<boolean>) | undefined}
 */
function asker({ stdin, stderr }) {
  if (!stdin.isTTY) return undefined;
  return async (question) => {
    const { isRaw } = stdin;
    const answer = await askYesNo(question, { input: stdin, output: stderr });
    // The keys of `dev` are to be heard again.
    if (isRaw) stdin.setRawMode(true).resume();
    return answer;
  };
}

module.exports = { main };
