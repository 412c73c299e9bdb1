// What jest-environment-miniflare took: options alone, and no wrangler configuration.
module.exports = {
  preset: 'holdfast/jest',
  testMatch: ['**/*.spec.ts'],
  testEnvironmentOptions: {
    scriptPath: 'src/index.ts',
    modules: true,
    compatibilityDate: '2026-11-01',
    durableObjects: {
      STORE: 'Store',
      LEGACY: { className: 'Legacy' },
      ECHO: 'Echo',
      WORDLESS: 'Wordless',
      ROOM: 'Room',
      COUNTER: 'Counter',
    },
    durableObjectsPersist: true,
    kvNamespaces: ['KV'],
    d1Databases: ['DB'],
    kvPersist: true,
    globals: { FROM_OPTIONS: 'a global' },
  },
};
