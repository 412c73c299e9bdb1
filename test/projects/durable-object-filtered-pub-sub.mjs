// TimoWilhelm/durable-object-filtered-pub-sub, after its build
import assert from 'node:assert/strict';
import { ask, openSocket } from './harness/talk.mjs';

/** @type {import('./harness/serve-checkout.mjs').Driver} */
export default {
  async converse({ url, restart }) {
    assert.equal((await ask(url)).status, 200);
    const first = await subscribe(url, 'AAPL, MSFT');
    assert.equal((await ask(`${url}/queue`)).body, 'Ticker data generated');
    const told = await Promise.all([first.next(), first.next()]);
    const tickers = told.map((text) => JSON.parse(String(text)).content.ticker);
    assert.deepEqual(tickers.sort(), ['AAPL', 'MSFT']);

    // The newest value of a ticker is kept by its publisher, and told to who comes later.
    const again = await restart();
    const second = await subscribe(again, 'AAPL');
    const { content } = JSON.parse(String(await second.next()));
    const before = told.map((text) => JSON.parse(String(text)).content);
    assert.deepEqual(
      content,
      before.find(({ ticker }) => ticker === 'AAPL'),
    );
    second.terminate();
  },
};

/** @param {string} url @param {string} tickers */
async function subscribe(url, tickers) {
  const socket = await openSocket(`${url.replace('http', 'ws')}/ws`);
  socket.send(tickers);
  // It says nothing when it has subscribed.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  return socket;
}
