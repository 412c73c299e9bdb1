'use strict';
// startWorkers: from what the user calls projects to Workers that are loaded and bound to each other: in a new shard, or, for
// new code, in one that runs.
//
// Happy path: every project is read and built, its migrations are planned, env is bound, the modules are evaluated one after
// the other, what they refer to is checked; only then the migrations are carried out.
// Ways it fails: as openProject() and load() do; what was registered is taken back before the error leaves.

const { newKey } = require('./build');
const { ConfigError } = require('./config/config-error');
const { connectWeb } = require('./web-hooks');
const { Member } = require('./member');
const { openProject } = require('./project');
const { checkInPlace, checkTakesAll } = require('./reload-check');

/**
 * @param {import('./shard').Shard} shard
 * @param {InstanceType<typeof import('./migration-ledger').MigrationLedger>} ledger
 * @param {Pick<import('./runtime').RuntimeOptions, 'config' | 'main' | 'env' | 'vars' | 'bindings' | 'build'>} options
 * @returns {Promise<Member[]>} the first takes the requests
 */
async function startWorkers(shard, ledger, options) {
  const { bindings: given = {} } = options;
  const projects = await openProjects(options);
  try {
    const members = projects.map((project) => new Member(shard, ledger, project));
    const byName = byNames(members);
    // The web classes are one set per process; the Worker that takes the requests decides how they behave.
    connectWeb(shard, members[0].worker.flags);
    const configured = members.filter(({ isConfigured }) => isConfigured);
    for (const member of configured) member.plan();
    if (configured.length === members.length) checkInPlace(shard, ledger, members);
    for (const member of configured) member.bind(byName, given);
    for (const member of members) {
      await member.load();
      if (member.isConfigured) continue;
      member.plan();
      checkInPlace(shard, ledger, [member]);
      member.bind(byName, given);
    }
    for (const member of members) member.check(byName);
    if (shard.exchanges !== undefined) checkTakesAll(shard, members);
    ledger.settle();
    for (const { project } of members)
      for (const warning of project.warnings) console.warn(`warning: ${warning}`);
    return members;
  } catch (error) {
    for (const project of projects) project.close();
    throw error;
  }
}

/** @param {Parameters<typeof startWorkers>[2]} options */
async function openProjects({ config, main, env, vars, bindings, build }) {
  const configs = [config].flat();
  const builds = [build].flat();
  const projects = [];
  for (const [index, one] of configs.entries()) {
    const key = newKey();
    // Entry file and variables of the caller are those of the first, as in wrangler.
    const first = index === 0 ? { main, vars } : {};
    projects.push(
      await openProject({ config: one, ...first, env, bindings, build: builds[index], key }),
    );
  }
  if (typeof config === 'object' || build !== undefined) return projects;
  for (const file of projects[0].config.auxiliary)
    projects.push(await openProject({ config: file, env, bindings, key: newKey() }));
  return projects;
}

/** @param {Member[]} members @returns {import('./member').Members} */
function byNames(members) {
  const byName = new Map(members.map((member) => [member.name, member]));
  if (byName.size === members.length) return byName;
  const names = members.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  throw new ConfigError(`Two Workers are called "${twice}"; give them different names.`);
}

module.exports = { startWorkers };
