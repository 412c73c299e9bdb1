// serveProject: `holdfast start` on a project folder, or on several configs, as a child process.
import { fileURLToPath } from 'node:url';
import { ServerProcess } from './server-process.mjs';

const commandLine = fileURLToPath(new URL('../../../bin/holdfast.js', import.meta.url));
const stdoutFd = 1;

/**
 * @param {string | string[]} project folder; or the configs of several Workers, the first takes the requests
 * @param {object} options
 * @param {string} options.workDir the working directory
 * @param {string} options.dataDir
 * @param {string[]} [options.nodeFlags]
 * @param {string[]} [options.args] more of the command's
 * @returns {Promise<{port: number, stop(signal?: NodeJS.Signals): Promise<unknown>}>}
 */
export async function serveProject(project, { workDir, dataDir, nodeFlags = [], args: more = [] }) {
  const projects = Array.isArray(project)
    ? project.flatMap((file) => ['--config', file])
    : [project];
  const options = ['--port', '0', '--data-dir', dataDir, ...more];
  const args = [commandLine, 'start', ...projects, ...options];
  const stdio = ['ignore', 'pipe', 'pipe'];
  const server = new ServerProcess(workDir, process.execPath, [...nodeFlags, ...args], stdio);
  const stop = (signal = 'SIGKILL') => server.stop(signal);
  try {
    const port = await server.waitForLine(stdoutFd, (line) => {
      const ready = /^Ready on http:\/\/\S+:(\d+)$/.exec(line);
      return ready ? Number(ready[1]) : undefined;
    });
    return { port, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
