// loadProject: a project, read, built and evaluated, without a runtime.
'use strict';

const { openProject } = require('../../lib/project');

/**
 * @param {any} options of openProject(), and `cloudflareWorkers`: what the module's `cloudflare:workers` exports, asked for before it
 *   is evaluated
 * @returns {Promise<any>} the project; the caller closes it
 */
async function loadProject({ cloudflareWorkers, ...options }) {
  const project = await openProject(options);
  await project.load(cloudflareWorkers(project));
  return project;
}

module.exports = { loadProject };
