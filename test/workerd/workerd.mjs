// Starts workerd on a test service: the configuration of the file itself, with the way in for the runner added.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import workerd from 'workerd';
import { ServerProcess } from '../conformance/harness/server-process.mjs';
import { Embed, print } from './capnp-text.mjs';
import { wayIn, writeModules } from './project.mjs';

const controlFd = 3;

/**
 * @param {import('./wd-test.mjs').TestService} service
 * @param {string} workDir
 * @returns {Promise<{port: number, stop(): Promise<unknown>}>}
 */
export async function startWorkerd(service, workDir) {
  const modules = await writeModules(workDir, service.worker);
  await writeFile(path.join(workDir, 'config.capnp'), await configText(service, modules, workDir));
  const args = ['serve', '--experimental', `--control-fd=${controlFd}`, 'config.capnp'];
  const stdio = ['ignore', 'pipe', 'pipe', 'pipe'];
  const server = new ServerProcess(workDir, workerd.default, args, stdio);
  const stop = () => server.stop('SIGKILL');
  try {
    const port = await server.waitForLine(controlFd, (line) => {
      const message = JSON.parse(line);
      return message.event === 'listen' ? message.port : undefined;
    });
    return { port, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function configText({ name, worker, config }, modules, workDir) {
  const services = [];
  for (const service of config.services) {
    if (service.name === name) services.push(withEntry(service, modules));
    else if (service.disk) services.push(await onDisk(service, workDir));
    else services.push(service);
  }
  const entrypoint = wayIn(worker);
  const to = { name, ...(entrypoint !== 'default' && { entrypoint }) };
  const sockets = [{ name: 'cases', address: '127.0.0.1:0', http: {}, service: to }];
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = ${print({ ...config, services, sockets })};
`;
}

function withEntry({ name, worker }, modules) {
  const embedded = modules.map((module) => ({
    name: module.name,
    esModule: new Embed(module.file),
  }));
  return { name, worker: { ...worker, modules: embedded } };
}

async function onDisk({ name, disk }, workDir) {
  const directory = path.join(workDir, name);
  await mkdir(directory);
  return { name, disk: { ...disk, path: directory } };
}
