// cloudflare/partykit: fixtures/rpc-sanity
import assert from 'node:assert/strict';
import { ask } from './harness/talk.mjs';

/** @type {import('./harness/serve-checkout.mjs').Driver} */
export default {
  folder: 'fixtures/rpc-sanity',
  async converse({ url, restart }) {
    assert.equal((await ask(`${url}/rpc`)).body, 'the value is session-id');
    assert.equal((await ask(`${url}/test`)).body, 'test onRequest');
    assert.equal((await ask(`${url}/other`)).status, 500);
    assert.equal((await ask(`${await restart()}/rpc`)).body, 'the value is session-id');
  },
};
