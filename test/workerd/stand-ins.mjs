// Modules that workerd has for its tests, as far as something of ours can stand in.

/**
 * `workerd:unsafe`: evict() waits until idle objects have left memory, as the metrics say, for nothing evicts one on demand.
 * @param {string} adminSocket of the runtime, whose idleEvictionMs is short
 */
export const unsafeModule = (adminSocket) => `
import http from 'node:http';

const residents = () => new Promise((resolve, reject) => {
  const options = { socketPath: ${JSON.stringify(adminSocket)}, path: '/metrics', agent: false };
  http.get(options, async (response) => {
    let text = '';
    for await (const chunk of response) text += chunk;
    resolve(Number(/^holdfast_objects\\{state="resident"\\} (\\d+)$/m.exec(text)[1]));
  }).once('error', reject);
});

export default {
  async evict() {
    while ((await residents()) > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  },
};
`;
