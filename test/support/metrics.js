// health, metrics: what `--admin-socket` says about a runtime.
'use strict';

const http = require('node:http');

/** @param {string} socketPath @param {string} path @returns {Promise<{status: number | undefined, body: string}>} */
function ask(socketPath, path) {
  return new Promise((resolve, reject) => {
    const asked = http.get({ socketPath, path, agent: false }, async (response) => {
      let body = '';
      for await (const chunk of response) body += chunk;
      resolve({ status: response.statusCode, body });
    });
    asked.once('error', reject);
  });
}

/** @param {string} socketPath @returns {Promise<{status: number | undefined, body: string}>} */
const health = (socketPath) => ask(socketPath, '/health');

/**
 * @param {string} socketPath
 * @returns {Promise<(name: string) => number>} the value of a sample, by its name with labels
 */
async function metrics(socketPath) {
  const { body: text } = await ask(socketPath, '/metrics');
  const lines = text.split('\n');
  return (name) =>
    Number(lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1));
}

module.exports = { health, metrics };
