// serveCheckout: `holdfast start` on a program where it is, with its data elsewhere.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { serveProject } from '../../conformance/harness/serve-project.mjs';

/**
 * @typedef {object} Conversation what a driver talks to
 * @property {string} url of the server, without a slash at the end
 * @property {string} folder where the program is
 * @property {() => Promise<string>} restart ends the server with SIGKILL; the url of the next one on the same data
 *
 * @typedef {object} Driver
 * @property {string} [folder] of the program in its repository; by default the root
 * @property {string} [entry] the entry module, for a program that is started with one
 * @property {string[]} [args] more of the command's
 * @property {(conversation: Conversation) => Promise<void>} converse rejects when something else comes back
 */

/**
 * @param {string} folder of the program
 * @param {Pick<Driver, 'entry' | 'args'>} [how]
 * @returns {Promise<Conversation & {end(): Promise<void>}>} end() stops the server and removes its data
 */
export async function serveCheckout(folder, { entry = '.', args = [] } = {}) {
  const workDir = await mkdtemp(path.join(tmpdir(), 'holdfast-projects-'));
  const options = { workDir, dataDir: path.join(workDir, 'data'), args };
  const start = () => serveProject(path.resolve(folder, entry), options);
  let server = await start();
  const address = () => `http://127.0.0.1:${server.port}`;
  return {
    url: address(),
    folder,
    async restart() {
      await server.stop('SIGKILL');
      server = await start();
      return address();
    },
    async end() {
      await server.stop('SIGKILL');
      await rm(workDir, { recursive: true, force: true });
    },
  };
}
