// cloudflare/ai: demos/hello-world (the agents SDK)
import assert from 'node:assert/strict';
import { ask, openJsonSocket } from './harness/talk.mjs';

/** @type {import('./harness/serve-checkout.mjs').Driver} */
export default {
  folder: 'demos/hello-world',
  async converse({ url, restart }) {
    const agent = '/agents/hello-agent/ours';
    const response = await ask(url + agent);
    assert.deepEqual([response.status, response.body], [200, 'Hello, Agent!']);
    assert.equal(response.headers.get('access-control-allow-origin'), '*');
    assert.equal((await ask(`${url}/elsewhere`)).status, 404);
    const meet = async (/** @type {string} */ address) => {
      const socket = await openJsonSocket(address + agent);
      const identity = await socket.until((message) => message.type === 'cf_agent_identity');
      assert.deepEqual([identity.name, identity.agent], ['ours', 'hello-agent']);
      socket.terminate();
    };
    await meet(url);
    await meet(await restart());
  },
};
