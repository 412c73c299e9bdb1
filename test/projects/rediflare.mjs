// lambrospetrou/rediflare
import assert from 'node:assert/strict';
import { ask, askJson, eventually, posted } from './harness/talk.mjs';

const key = 'rf_key_ourtenant_secret';

/** @type {import('./harness/serve-checkout.mjs').Driver} */
export default {
  args: ['--env', 'dev', '--var', `VAR_API_AUTH_ADMIN_KEYS_CSV=,${key},`],
  async converse({ url, restart }) {
    const keyed = { 'rediflare-api-key': key };
    const api = (/** @type {string} */ base, /** @type {string} */ name) =>
      `${base}/-_-/v1/redirects.${name}`;
    const upsert = (/** @type {object} */ rule) =>
      askJson(api(url, 'Upsert'), { ...posted({ responseHeaders: [], ...rule }), headers: keyed });
    assert.equal((await ask(api(url, 'List'))).status, 403);
    assert.equal(
      (await ask(api(url, 'List'), { headers: { 'rediflare-api-key': 'no' } })).status,
      403,
    );

    const ruleUrl = `${url}/here`;
    const there = { responseStatus: 302, responseLocation: 'https://example.com/there' };
    await upsert({ ruleUrl, ...there, responseHeaders: [['x-rule', 'first']] });
    const { data } = await upsert({ ruleUrl: `${url}/other`, ...there, responseStatus: 307 });
    assert.equal(data.rules.length, 2);
    const redirect = await ask(ruleUrl);
    assert.equal(redirect.status, 302);
    assert.equal(redirect.headers.get('location'), there.responseLocation);
    assert.equal(redirect.headers.get('x-rule'), 'first');
    assert.equal((await ask(`${url}/other`)).status, 307);
    assert.equal((await ask(`${url}/unknown`)).status, 404);
    const large = { method: 'POST', body: 'x'.repeat(11_000), headers: keyed };
    assert.equal((await ask(api(url, 'Upsert'), large)).status, 413);

    const removal = { ...posted({ ruleUrl: `${url}/other` }), headers: keyed };
    assert.equal((await askJson(api(url, 'Delete'), removal)).data.rules.length, 1);
    assert.equal((await ask(`${url}/other`)).status, 404);

    const next = await restart();
    const list = () => askJson(api(next, 'List'), { headers: keyed });
    const { data: after } = await eventually(list, ({ data: { stats } }) => stats.length > 0);
    assert.equal(after.rules[0].ruleUrl, ruleUrl);
    assert.deepEqual(
      after.stats.map((/** @type {any} */ each) => [each.ruleUrl, each.totalVisits]),
      [[ruleUrl, 1]],
      'the alarm that was set before the restart counts the visit',
    );
  },
};
