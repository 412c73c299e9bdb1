// drizzle-team/drizzle-orm: integration-tests/tests/sqlite/durable-objects. Its Worker makes all calls of its test one after the other,
// and answers with the text of the first error.
import assert from 'node:assert/strict';
import { ask } from './harness/talk.mjs';

/** What workerd answers, too: the last call but one expects the error of a query that it runs outside of what would catch it. */
const OF_THE_TEST_ITSELF = 'No values to set';

/** @type {import('./harness/serve-checkout.mjs').Driver} */
export default {
  folder: 'integration-tests/tests/sqlite/durable-objects',
  async converse({ url, restart }) {
    const run = async (/** @type {string} */ address) => {
      const { status, body } = await ask(address);
      assert.equal(status, 200);
      assert.ok(['', OF_THE_TEST_ITSELF].includes(body), body);
    };
    await run(url);
    await run(await restart());
  },
};
