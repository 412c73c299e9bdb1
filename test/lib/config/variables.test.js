// Variables and secrets of local runs (S8.6). wrangler 4.164 gives the same for each of these.
'use strict';

const path = require('node:path');
const { loadConfig } = require('../../../lib/config');
const { makeProject, removeProjects } = require('../../support/project-files');

const BASE = { name: 'app', main: 'src/index.js', compatibility_date: '2026-08-25' };

afterAll(removeProjects);

function load(config, { files = {}, ...options } = {}) {
  const directory = makeProject({ 'wrangler.json': config, ...files });
  const now = new Date('2026-10-01T12:00:00Z');
  return loadConfig(path.join(directory, 'wrangler.json'), { now, processEnv: {}, ...options });
}

describe('variables', () => {
  const vars = { A: 'config', B: 'config', JSON: { deep: [1] } };
  const read = (files, options = {}) =>
    load({ ...BASE, vars, env: { dev: { vars } } }, { files, ...options }).vars;

  test('S8.6.1 .dev.vars win over vars, the command line over both', () => {
    const files = { '.dev.vars': 'A=file\nB="file"\nSECRET=s' };
    expect(read(files, { vars: { A: 'line' } })).toEqual({
      A: 'line',
      B: 'file',
      JSON: { deep: [1] },
      SECRET: 's',
    });
  });

  test('S8.6.1 the file of the environment is read instead of the general one', () => {
    const files = { '.dev.vars': 'X=general', '.dev.vars.dev': 'A=dev' };
    expect(read(files, { env: 'dev' })).toEqual({ ...vars, A: 'dev' });
    expect(read(files)).toEqual({ ...vars, X: 'general' });
  });

  test('S8.6.1, S8.6.3 .env files are merged and expanded, later ones win', () => {
    const files = {
      '.env': 'A=1\nX=one\nY=${X}!',
      '.env.local': 'A=2',
      '.env.dev': 'A=3',
      '.env.dev.local': 'A=4',
    };
    expect(read(files, { env: 'dev' })).toMatchObject({ A: '4', X: 'one', Y: 'one!' });
    expect(read(files)).toMatchObject({ A: '2' });
  });

  test('S8.6.1 .env counts only without .dev.vars', () => {
    expect(read({ '.dev.vars': 'A=1', '.env': 'Z=1' })).toEqual({ ...vars, A: '1' });
  });

  test('S8.6.2 the two switches', () => {
    const files = { '.env': 'Z=1' };
    expect(
      read(files, { processEnv: { CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV: 'false' } }),
    ).not.toHaveProperty('Z');
    expect(
      read(files, { processEnv: { CLOUDFLARE_INCLUDE_PROCESS_ENV: 'true', HOST_ONLY: 'h' } }),
    ).toMatchObject({ Z: '1', HOST_ONLY: 'h' });
    expect(read(files, { processEnv: { HOST_ONLY: 'h' } })).not.toHaveProperty('HOST_ONLY');
  });

  test('S8.6.4 with required secrets only those are taken, and missing ones warn', () => {
    const config = load(
      { ...BASE, vars, secrets: { required: ['KEY', 'LOST'] } },
      { files: { '.dev.vars': 'KEY=k\nOTHER=o\nA=file' } },
    );
    expect(config.vars).toEqual({ ...vars, A: 'file', KEY: 'k' });
    expect(config.warnings).toEqual(['Missing required secrets: LOST.']);
  });

  test('S8.6.4 required secrets may come from the environment, unless there is .dev.vars', () => {
    const data = { ...BASE, vars, secrets: { required: ['KEY', 'LOST'] } };
    const options = { processEnv: { KEY: 'process', LOST: 'process', HOST_ONLY: 'h' } };
    const { vars: alone, warnings } = load(data, options);
    expect(alone).toEqual({ ...vars, KEY: 'process', LOST: 'process' });
    expect(warnings).toEqual([]);
    const files = { '.env': 'KEY=file\nNEW=${HOST_ONLY}' };
    expect(load(data, { ...options, files }).vars).toMatchObject({ KEY: 'process' });
    expect(load(data, { ...options, files: { '.dev.vars': 'KEY=file' } }).vars).toEqual({
      ...vars,
      KEY: 'file',
    });
  });

  test('S8.6.1 files of the command line take the place of .dev.vars and .env', () => {
    const files = {
      '.dev.vars': 'A=dev-vars',
      '.env': 'Z=env',
      'one.env': 'A=one\nX=one\nY=${X}!',
      'sub/two.env': 'A=two',
    };
    const envFiles = ['one.env', 'sub/two.env'];
    expect(read(files, { envFiles })).toEqual({ ...vars, A: 'two', X: 'one', Y: 'one!' });
    expect(read(files, { envFiles, vars: { A: 'line' } })).toMatchObject({ A: 'line' });
    expect(() => read(files, { envFiles: ['none.env'] })).toThrow(
      /none\.env: does not exist; --env-file named it\.$/,
    );
  });
});
