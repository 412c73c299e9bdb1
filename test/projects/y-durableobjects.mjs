// napolab/y-durableobjects: the Worker of its own tests, and Yjs as its clients speak it
import assert from 'node:assert/strict';
import { ask, askJson, eventually, openSocket, packageOf } from './harness/talk.mjs';

/** @type {import('./harness/serve-checkout.mjs').Driver} */
export default {
  async converse({ url, folder, restart }) {
    const Y = packageOf(folder, 'yjs');
    const encoding = packageOf(folder, 'lib0/encoding');
    const decoding = packageOf(folder, 'lib0/decoding');
    const sync = packageOf(folder, 'y-protocols/sync');
    const sent = (/** @type {(encoder: any) => void} */ write) => {
      const encoder = encoding.createEncoder();
      encoding.writeVarUint(encoder, 0); // a message of the sync protocol
      write(encoder);
      return Buffer.from(encoding.toUint8Array(encoder));
    };
    const textOf = async (/** @type {string} */ base) => {
      const state = await askJson(`${base}/rooms/ours/state`);
      const doc = new Y.Doc();
      Y.applyUpdate(doc, new Uint8Array(Buffer.from(state.doc, 'base64')));
      return doc.getText('root').toString();
    };
    const doc = new Y.Doc();
    const text = doc.getText('root');
    const update = () => sent((encoder) => sync.writeUpdate(encoder, Y.encodeStateAsUpdate(doc)));

    assert.equal(await textOf(url), '');
    const [ann, ben] = [
      await openSocket(`${url}/rooms/ours`),
      await openSocket(`${url}/shorthand/ours`),
    ];
    const hello = decoding.createDecoder(await ann.next());
    assert.deepEqual(
      [decoding.readVarUint(hello), decoding.readVarUint(hello)],
      [0, 0],
      'sync step 1',
    );
    await ben.next();
    text.insert(0, 'Hello');
    ann.send(update());
    const copy = new Y.Doc();
    await eventually(
      async () => {
        const decoder = decoding.createDecoder(await ben.next());
        decoding.readVarUint(decoder);
        sync.readSyncMessage(decoder, encoding.createEncoder(), copy, null);
        return copy.getText('root').toString();
      },
      (heard) => heard === 'Hello',
    );
    text.insert(5, ', World');
    const posted = await ask(`${url}/rooms/ours/update`, { method: 'POST', body: update() });
    assert.equal(posted.status, 200);
    assert.equal(await textOf(url), 'Hello, World');
    ann.terminate();
    ben.terminate();
    assert.equal(await textOf(await restart()), 'Hello, World');
  },
};
