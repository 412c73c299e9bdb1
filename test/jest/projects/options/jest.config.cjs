module.exports = {
  preset: 'holdfast/jest',
  testMatch: ['**/*.spec.*'],
  testEnvironmentOptions: {
    modules: true,
    bindings: { NAME: 'options', OBJECT: { deep: [1] } },
    kvNamespaces: ['KV'],
    r2Buckets: ['BUCKET'],
    d1Databases: ['DB'],
    durableObjects: { ROOM: 'Room', OTHER: { className: 'Other' } },
    durableObjectsPersist: true,
    queueProducers: { QUEUE: 'jobs' },
    serviceBindings: {
      SERVICE: (request) => new Response(`service ${new URL(request.url).pathname}`),
    },
    sitePath: 'src',
    siteInclude: ['*.txt'],
    textBlobBindings: { TEXT: 'src/page.txt' },
    compatibilityDate: '2026-11-01',
    compatibilityFlags: ['allow_irrevocable_stub_storage'],
    globals: { FROM_OPTIONS: 42 },
  },
};
