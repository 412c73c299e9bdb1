// Starts Holdfast's command line on a test service, as a project with a wrangler configuration.
//
// Service bindings to the Worker itself are there, with their entrypoints and props. Other services are not there, nor are other kinds of bindings.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ServerProcess } from '../conformance/harness/server-process.mjs';
import { entryName, writeModules } from './project.mjs';

const commandLine = fileURLToPath(new URL('../../bin/holdfast.js', import.meta.url));
const stdoutFd = 1;
const missingModules = ['cloudflare:sockets', 'workerd:unsafe'];

/**
 * @param {import('./wd-test.mjs').TestService} service
 * @param {string} workDir
 * @returns {Promise<{port: number, stop(): Promise<unknown>}>}
 */
export async function startHoldfast(service, workDir) {
  const projectDir = path.join(workDir, 'project');
  await mkdir(projectDir);
  await writeModules(projectDir, service.worker, {
    missing: missingModules,
  });
  await writeFile(
    path.join(projectDir, 'wrangler.json'),
    JSON.stringify(wranglerConfig(service), null, 2),
  );
  const nodeFlags = (service.config.v8Flags ?? []).filter((flag) => flag === '--expose-gc');
  const dataDir = path.join(workDir, 'data');
  const args = [commandLine, 'start', projectDir, '--port', '0', '--data-dir', dataDir];
  const stdio = ['ignore', 'pipe', 'pipe'];
  const server = new ServerProcess(workDir, process.execPath, [...nodeFlags, ...args], stdio);
  const stop = () => server.stop('SIGKILL');
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

/** Bindings to the Worker itself. Without an entrypoint they lead to the default export, whose tests the entry keeps. */
function ownServices({ name, worker }) {
  return (worker.bindings ?? [])
    .filter(({ service }) => service !== undefined && (service.name ?? service) === name)
    .map((binding) => ({
      binding: binding.name,
      service: 'worker',
      entrypoint: binding.service.entrypoint ?? 'default',
      ...(binding.service.props && { props: JSON.parse(binding.service.props.json) }),
    }));
}

function wranglerConfig(service) {
  const { worker } = service;
  const namespaces = worker.durableObjectNamespaces ?? [];
  const bindings = worker.bindings ?? [];
  const hasSql = ({ enableSql }) => enableSql?.name === 'true';
  return {
    name: 'worker',
    main: entryName,
    compatibility_date: worker.compatibilityDate,
    compatibility_flags: worker.compatibilityFlags,
    vars: Object.fromEntries(
      bindings
        .filter(({ text, json }) => text !== undefined || json !== undefined)
        .map(({ name, text, json }) => [name, text ?? JSON.parse(json)]),
    ),
    services: ownServices(service),
    durable_objects: {
      bindings: bindings
        .filter(({ durableObjectNamespace }) => durableObjectNamespace !== undefined)
        .map(({ name, durableObjectNamespace }) => ({ name, class_name: durableObjectNamespace })),
    },
    migrations: [
      {
        tag: 'v1',
        new_classes: namespaces.filter((one) => !hasSql(one)).map(({ className }) => className),
        new_sqlite_classes: namespaces.filter(hasSql).map(({ className }) => className),
      },
    ],
  };
}
