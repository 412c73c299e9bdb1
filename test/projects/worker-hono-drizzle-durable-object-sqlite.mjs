// goldo/worker-hono-drizzle-durable-object-sqlite
import assert from 'node:assert/strict';
import { ask, askJson } from './harness/talk.mjs';

/** @type {import('./harness/serve-checkout.mjs').Driver} */
export default {
  async converse({ url, restart }) {
    const post = (/** @type {object} */ body) =>
      ask(`${url}/users`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    assert.deepEqual(await askJson(url), { message: 'Hello World! Try /users' });
    assert.deepEqual(await askJson(`${url}/users`), { success: true, data: [] });
    const { status, body } = await post({ email: 'a@example.com', password: 'b' });
    assert.equal(status, 200, body);
    const { data: user } = JSON.parse(body);
    assert.equal(user.email, 'a@example.com');
    assert.equal((await post({ email: 1 })).status, 400);
    // Its migrations run at each start of the object.
    assert.deepEqual((await askJson(`${await restart()}/users`)).data, [user]);
  },
};
