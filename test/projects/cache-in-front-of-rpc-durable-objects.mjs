// irvinebroque/cache-in-front-of-rpc-durable-objects
import assert from 'node:assert/strict';
import { ask, askJson } from './harness/talk.mjs';

/** @type {import('./harness/serve-checkout.mjs').Driver} */
export default {
  async converse({ url, restart }) {
    const route = '/route?customer=ours&endpoint=main&locality=near';
    const response = await ask(url + route);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('x-origin-path'), 'durable-object-rpc');
    const assignment = JSON.parse(response.body);
    const { customerId, endpointGroup, locality, source } = assignment;
    assert.deepEqual([customerId, endpointGroup, locality], ['ours', 'main', 'near']);
    assert.equal(source, 'durable-object-rpc');
    assert.deepEqual(await askJson(url + route), assignment, 'the assignment sticks');
    const head = await ask(url + route, { method: 'HEAD' });
    assert.deepEqual([head.status, head.body], [200, '']);
    assert.equal((await ask(url + route, { method: 'POST' })).status, 405);
    assert.equal((await ask(`${url}/route`)).status, 400);
    assert.equal((await ask(`${url}/nowhere`)).status, 404);
    assert.deepEqual(await askJson((await restart()) + route), assignment);
  },
};
