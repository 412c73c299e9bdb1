// cloudflare/partykit: fixtures/alarm-restart-e2e
import assert from 'node:assert/strict';
import { askJson, eventually } from './harness/talk.mjs';

const kinds = ['raw', 'parties/stock-alarm', 'parties/fixed-alarm'];
const room = 'the-room';

/** @type {import('./harness/serve-checkout.mjs').Driver} */
export default {
  folder: 'fixtures/alarm-restart-e2e',
  async converse({ url, restart }) {
    for (const kind of kinds)
      assert.deepEqual(await askJson(`${url}/${kind}/${room}?schedule=2`), { scheduled: true });
    const next = await restart();
    for (const kind of kinds) {
      const { observations } = await eventually(
        () => askJson(`${next}/${kind}/${room}?snapshot=1`),
        (snapshot) =>
          snapshot.observations.some((/** @type {any} */ each) => each.source === 'alarm'),
      );
      assert.deepEqual(
        observations.map((/** @type {any} */ { source, ctxIdName }) => [source, ctxIdName]),
        [
          ['fetch', room],
          ['alarm', room],
        ],
        kind,
      );
      const names = kind === 'raw' ? [null, null] : [room, room];
      assert.deepEqual(
        observations.map((/** @type {any} */ each) => each.partyName),
        names,
      );
    }
  },
};
