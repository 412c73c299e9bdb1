// A stand-in for the runtime: loads the Worker as the real one does and serves its `fetch` with plain node:http.
// What the command line does is then tested without the native addon.
'use strict';

const http = require('node:http');
const { loadProject } = require('../../support/load-project');

let number = 0;

async function createRuntime({
  config: [config],
  build: [build],
  dataDir,
  idleEvictionMs,
  retentionMs,
}) {
  const key = `fake-${number++}`;
  class DurableObject {}
  const project = await loadProject({
    key,
    config,
    build,
    cloudflareWorkers: (loading) => ({ DurableObject, env: loading.env }),
  });
  const server = http.createServer(async (request, response) => {
    const text = await project.module.default.fetch({ url: request.url }, project.env);
    response.end(
      JSON.stringify({ text, dataDir, idleEvictionMs: idleEvictionMs ?? null, retentionMs }),
    );
  });
  return {
    listen: ({ port, host }) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          const address = server.address();
          resolve({ url: `http://${host}:${address.port}`, port: address.port });
        });
      }),
    reload: async () => false, // each reload is a new runtime
    close: () => {
      process.stderr.write('draining\n');
      project.close();
      // The open server keeps the process alive.
      if (process.env.FAKE_DRAINS_FOR_EVER) return new Promise(() => {});
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

require('../../../lib/cli').main(process.argv, { createRuntime });
