// Starts Holdfast's command line on a test service: each Worker of its configuration as a project with a wrangler configuration.
//
// Service bindings between those Workers are there, with their entrypoints and props. Services that are no Workers are not, nor are
// other kinds of bindings.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { serveProject } from '../conformance/harness/serve-project.mjs';
import { entryName, hasDefault, wayIn, writeModules } from './project.mjs';
import { unsafeModule } from './stand-ins.mjs';

/** Short, for a test that asks for an eviction. */
const idleEvictionMs = 100;

/**
 * @param {import('./wd-test.mjs').TestService} service
 * @param {string} workDir
 * @returns {Promise<{port: number, stop(): Promise<unknown>}>}
 */
export async function startHoldfast(service, workDir) {
  const { name, worker, config } = service;
  const adminSocket = path.join(workDir, 'admin.sock');
  const replaced = { 'workerd:unsafe': unsafeModule(adminSocket) };
  const evicts = /['"]workerd:unsafe['"]/.test(worker.modules[0].esModule);
  const others = config.services.filter((one) => one.worker && one.name !== name);
  const entrypoint = wayIn(worker);
  const projects = entrypoint === 'default' ? [] : [await writeFront(service, workDir, entrypoint)];
  for (const one of [{ name, worker }, ...others]) {
    const isTested = one.name === name;
    const directory = path.join(workDir, 'projects', one.name);
    const [{ file }] = await writeModules(directory, one.worker, { replaced, isTested });
    const isBound = !isTested && !hasDefault(one.worker) && isBoundByDefault(one.name, worker);
    if (isBound) await writeEmptyDefault(directory, file);
    const main = isTested || isBound ? entryName : file;
    projects.push(await writeConfig(directory, wranglerConfig(one, main, config.services)));
  }
  const nodeFlags = (config.v8Flags ?? []).filter((flag) => flag === '--expose-gc');
  const args = evicts
    ? ['--admin-socket', adminSocket, '--idle-eviction-ms', String(idleEvictionMs)]
    : [];
  const dataDir = path.join(workDir, 'data');
  return serveProject(projects, { workDir, dataDir, nodeFlags, args });
}

/** workerd refuses a binding to a default export that is not there only when it is used. */
const isBoundByDefault = (name, { bindings = [] }) =>
  bindings.some(({ service }) => service && nameOf(service) === name && !service.entrypoint);

async function writeEmptyDefault(directory, file) {
  const entry = `export * from './${file}';\nexport default {};\n`;
  await writeFile(path.join(directory, entryName), entry);
}

/** A Worker that passes requests on to one that has no default export. */
async function writeFront({ name, worker }, workDir, entrypoint) {
  const directory = path.join(workDir, 'projects', 'front');
  await mkdir(directory, { recursive: true });
  await writeFile(
    path.join(directory, entryName),
    'export default { fetch: (request, env) => env.CASES.fetch(request) };\n',
  );
  const services = [{ binding: 'CASES', service: name, entrypoint }];
  return writeConfig(directory, { ...rules(worker), name: 'front', main: entryName, services });
}

async function writeConfig(directory, config) {
  const file = path.join(directory, 'wrangler.json');
  await writeFile(file, JSON.stringify(config, null, 2));
  return file;
}

const rules = ({ compatibilityDate, compatibilityFlags }) => ({
  compatibility_date: compatibilityDate,
  compatibility_flags: compatibilityFlags,
});

function wranglerConfig({ name, worker }, main, services) {
  const namespaces = worker.durableObjectNamespaces ?? [];
  const bindings = worker.bindings ?? [];
  const hasSql = ({ enableSql }) => enableSql?.name === 'true';
  return {
    ...rules(worker),
    name,
    main,
    vars: Object.fromEntries(
      bindings
        .filter(({ text, json }) => text !== undefined || json !== undefined)
        .map(({ name: binding, text, json }) => [binding, text ?? JSON.parse(json)]),
    ),
    services: bindings
      .filter(({ service }) => leadsToExport(service, services, worker))
      .map(serviceBinding),
    durable_objects: {
      bindings: bindings
        .filter(({ durableObjectNamespace }) => durableObjectNamespace !== undefined)
        .map(objectBinding),
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

/** One of a Worker to a default export that it does not have itself is left out. */
function leadsToExport(service, services, from) {
  const to = services.find(({ name }) => name === nameOf(service))?.worker;
  return to !== undefined && (to !== from || service.entrypoint !== undefined || hasDefault(to));
}

const nameOf = (service) => service?.name ?? service;

/** Without an entrypoint it leads to the default export. */
const serviceBinding = ({ name, service }) => ({
  binding: name,
  service: nameOf(service),
  entrypoint: service.entrypoint ?? 'default',
  ...(service.props && { props: JSON.parse(service.props.json) }),
});

const objectBinding = ({ name, durableObjectNamespace: to }) => ({
  name,
  class_name: to.className ?? to,
  ...(to.serviceName && { script_name: to.serviceName }),
});
