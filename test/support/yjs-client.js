// A client of Yjs' sync protocol for tests: a document, and the messages that carry it.
'use strict';

const SYNC = 0;

/**
 * @param {(name: string) => any} load requires `yjs`, `lib0/encoding`, `lib0/decoding` and `y-protocols/sync`
 */
function yjsClient(load) {
  const Y = load('yjs');
  const encoding = load('lib0/encoding');
  const decoding = load('lib0/decoding');
  const sync = load('y-protocols/sync');
  const doc = new Y.Doc();
  const text = doc.getText('root');
  return {
    text,
    /** The text of a whole document. @param {Uint8Array} state */
    textOf(state) {
      const other = new Y.Doc();
      Y.applyUpdate(other, state);
      return other.getText('root').toString();
    },
    /** All that the document is, as a message. */
    update() {
      const encoder = encoding.createEncoder();
      encoding.writeVarUint(encoder, SYNC);
      sync.writeUpdate(encoder, Y.encodeStateAsUpdate(doc));
      return Buffer.from(encoding.toUint8Array(encoder));
    },
    /**
     * Takes a message in.
     * @param {Uint8Array | string} message text is something else's
     * @returns {Buffer | undefined} what is to be answered
     */
    take(message) {
      if (typeof message === 'string') return undefined;
      const decoder = decoding.createDecoder(new Uint8Array(message));
      if (decoding.readVarUint(decoder) !== SYNC) return undefined;
      const encoder = encoding.createEncoder();
      encoding.writeVarUint(encoder, SYNC);
      sync.readSyncMessage(decoder, encoder, doc, null);
      const answer = encoding.toUint8Array(encoder);
      return answer.length > 1 ? Buffer.from(answer) : undefined;
    },
  };
}

module.exports = { yjsClient };
