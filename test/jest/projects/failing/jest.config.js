module.exports = { preset: 'holdfast/jest', testMatch: ['**/*.spec.ts'] };
