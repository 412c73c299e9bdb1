// The counters of a running Holdfast: its metrics in Prometheus text, over the Unix-domain socket that they are served on.
import http from 'node:http';
import { text } from 'node:stream/consumers';

/** @param {string} socketPath @returns {Promise<Record<string, number>>} those without labels, by name */
export async function counters(socketPath) {
  const response = await new Promise((resolve, reject) => {
    http.get({ socketPath, path: '/metrics', agent: false }, resolve).on('error', reject);
  });
  const lines = (await text(response)).split('\n');
  const values = lines.flatMap((line) => {
    const [, name, value] = /^([a-z_]+) ([0-9.e+]+)$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, Number(value)]];
  });
  return Object.fromEntries(values);
}
