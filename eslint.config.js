'use strict';

const js = require('@eslint/js');
const globals = require('globals');

const workers = ['HTMLRewriter', 'WebSocketPair', 'WebSocketRequestResponsePair', 'scheduler'];

module.exports = [
  {
    ignores: [
      'build/',
      'prebuilds/',
      'packed/',
      'node_modules/',
      '**/.holdfast/',
      'bench/out/',
      'test/guide/blocks/',
    ],
  },
  js.configs.recommended,
  {
    languageOptions: {
      ecmaVersion: 2026,
      sourceType: 'commonjs',
      globals: { ...globals.node, WebSocket: 'readonly' },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'no-unused-vars': ['error', { argsIgnorePattern: '^_', caughtErrors: 'none' }],
      'no-var': 'error',
      'prefer-const': 'error',
      'no-console': 'off',
      'max-lines': ['error', { max: 600 }],
    },
  },
  { files: ['lib/**/*.js', 'bin/**/*.js'], rules: { strict: ['error', 'global'] } },
  {
    files: ['lib/**/*.js'],
    rules: {
      // A late require may meet another registry of modules: Jest makes a new one for resetModules().
      'no-restricted-syntax': [
        'error',
        {
          selector: ":function CallExpression[callee.name='require']",
          message: 'Require at the top of the file.',
        },
      ],
    },
  },
  { files: ['**/*.mjs', 'test/orm/project/**/*.js'], languageOptions: { sourceType: 'module' } },
  {
    files: ['test/**/*.test.js', 'test/failures/*.js'],
    languageOptions: { globals: globals.jest },
  },
  {
    // Programs that run on Workers, and pages that run in browsers.
    files: [
      'examples/**/*.js',
      'test/conformance/programs/**/*.js',
      'test/workerd/worker/*.js',
      'test/**/fixtures/**/*.js',
    ],
    languageOptions: {
      sourceType: 'module',
      globals: {
        ...globals.serviceworker,
        ...globals.browser,
        ...Object.fromEntries(workers.map((name) => [name, 'readonly'])),
      },
    },
  },
  {
    // Projects under test/jest: their tests have the globals of Workers and of Jest.
    files: ['test/jest/projects/**/*.{js,mjs,cjs}'],
    languageOptions: {
      globals: {
        ...globals.serviceworker,
        ...globals.jest,
        ...Object.fromEntries(workers.map((name) => [name, 'readonly'])),
        Buffer: 'readonly',
        FROM_OPTIONS: 'readonly',
        left: 'readonly',
        process: 'readonly',
        require: 'readonly',
      },
    },
  },
  {
    files: ['examples/**/*.test.js', 'examples/**/run.js', 'examples/*/jest.config.js'],
    languageOptions: { sourceType: 'commonjs', globals: globals.jest },
  },
];
