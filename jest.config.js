'use strict';

// The code under test runs as it is shipped: no transform, no haste map of build output.

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  transform: {},
  roots: ['<rootDir>/test', '<rootDir>/lib'],
  testMatch: ['<rootDir>/test/**/*.test.js'],
  modulePathIgnorePatterns: ['<rootDir>/build/', '<rootDir>/prebuilds/', '<rootDir>/packed/'],
  maxWorkers: 2,
  testTimeout: 30_000,
};
