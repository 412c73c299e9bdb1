'use strict';

// `holdfast/jest` with each Jest that it promises, on each Node that package.json's engines promise: projects that test/jest/preset.test.js
// runs, too. A few pairs here; with HOLDFAST_KIT_VERSIONS=all every project in every pair (docs/testing.md).

const { failures, runProject } = require('../jest/run-project');
const { nodeOfVersion } = require('./node-versions');

const minute = 60_000;

/** @type {(29 | 30)[]} */
const jests = [29, 30];
const nodes = [20, 22, 24, 26];
const projects = [
  'test/jest/projects/basic',
  'test/jest/projects/miniflare2',
  'test/jest/projects/options',
  'examples/jest-chat',
  'examples/jest-counter',
];

/** @type {[29 | 30, number, string][]} */
const every = jests.flatMap((jest) =>
  nodes.flatMap((node) =>
    projects.map((project) => /** @type {[29 | 30, number, string]} */ ([jest, node, project])),
  ),
);
/** @type {[29 | 30, number, string][]} */
const some = [
  [29, 20, 'test/jest/projects/basic'],
  [30, 22, 'examples/jest-counter'],
  [30, 24, 'test/jest/projects/options'],
  [29, 26, 'examples/jest-counter'],
  [30, 26, 'test/jest/projects/basic'],
];

/** A test of that which ran the others. @param {number} jest @param {number} node */
const versionsSpec = (jest, node) => `
  test('runs here', () => {
    expect(process.version).toMatch(/^v${node}\\./);
    expect(require('jest/package.json').version).toMatch(/^${jest}\\./);
  });
`;

test.each(process.env.HOLDFAST_KIT_VERSIONS === 'all' ? every : some)(
  'Jest %i on Node %i: %s',
  async (jest, major, project) => {
    const { report, code } = await runProject(project, {
      node: nodeOfVersion(major),
      jest,
      files: { 'versions.spec.ts': versionsSpec(jest, major) },
    });
    expect(failures(report)).toEqual([]);
    expect(report.numPassedTests).toBeGreaterThan(5);
    expect(code).toBe(0);
  },
  5 * minute,
);
