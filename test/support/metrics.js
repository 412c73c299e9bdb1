// metrics: what `--admin-socket` says about a runtime.
'use strict';

const http = require('node:http');

/**
 * @param {string} socketPath
 * @returns {Promise<(name: string) => number>} the value of a sample, by its name with labels
 */
async function metrics(socketPath) {
  const text = await new Promise((resolve, reject) => {
    const asked = http.get({ socketPath, path: '/metrics', agent: false }, async (response) => {
      let body = '';
      for await (const chunk of response) body += chunk;
      resolve(body);
    });
    asked.once('error', reject);
  });
  const lines = text.split('\n');
  return (name) =>
    Number(lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1));
}

module.exports = { metrics };
