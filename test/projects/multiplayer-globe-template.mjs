// cloudflare/templates: multiplayer-globe-template
import assert from 'node:assert/strict';
import { ask, openJsonSocket } from './harness/talk.mjs';

/** @type {import('./harness/serve-checkout.mjs').Driver} */
export default {
  folder: 'multiplayer-globe-template',
  async converse({ url }) {
    assert.equal((await ask(url)).status, 200);
    assert.equal((await ask(`${url}/dist/index.js`)).status, 200);
    assert.equal((await ask(`${url}/nothing`)).status, 404);
    const room = `${url.replace('http', 'ws')}/parties/globe/default?_pk=`;
    const marker = (/** @type {string} */ id) => (/** @type {any} */ message) =>
      message.type === 'add-marker' && message.position.id === id;
    const one = await openJsonSocket(`${room}one`);
    const { position } = await one.until(marker('one'));
    // Where the client is comes from request.cf.
    assert.equal(typeof position.lat, 'number');
    assert.equal(typeof position.lng, 'number');
    const two = await openJsonSocket(`${room}two`);
    await one.until(marker('two'));
    await two.until(marker('one'));
    two.close();
    assert.equal((await one.until(({ type }) => type === 'remove-marker')).id, 'two');
    one.terminate();
  },
};
