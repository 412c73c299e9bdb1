// Starts Holdfast's command line on a test service, as a project with a wrangler configuration.
//
// Service bindings to the Worker itself are there, with their entrypoints and props. Other services are not there, nor are other kinds of bindings.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { serveProject } from '../conformance/harness/serve-project.mjs';
import { entryName, writeModules } from './project.mjs';

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
  return serveProject(projectDir, { workDir, dataDir: path.join(workDir, 'data'), nodeFlags });
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
