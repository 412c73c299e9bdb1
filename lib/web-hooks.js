'use strict';
// Connects the web classes, of which there is one set per process, to the runtimes of this environment.

const { configureWeb, settingsFromFlags, installGlobals } = require('./web/internal');
const { serialize, deserialize } = require('./storage/value-codec');
const { current } = require('./current');
const { installTimers } = require('./actors/timers');
const { behindGate, installGates } = require('./actors/behind-gate');

/** @type {Set<import('./shard').Shard>} */
const shards = new Set();

/**
 * S2.6.2: what leaves an object waits for its writes. Where the object is not known, for the writes of all of them: too long a
 * wait harms less than a message about a write that is lost.
 * @returns {Promise<void> | undefined}
 */
function holdOutput() {
  const waits = [...shards].flatMap((shard) => shard.pendingWrites(current.instance));
  return waits.length === 0 ? undefined : Promise.all(waits).then(() => {});
}

/**
 * How events reach a socket that is accept()ed or opened now (S2.5.12). It is cut when its object breaks (S2.7.2).
 * @param {{isOver: boolean, cut(): void}} end
 */
function deliverHere(end) {
  const { instance } = current;
  if (instance === undefined) return undefined;
  const untie = instance.tie(() => end.cut());
  return (/** @type {() => void} */ fn) =>
    instance.postTask(() => {
      fn();
      if (end.isOver) untie();
    }, 0);
}

/** @param {import('./shard').Shard} shard @param {Record<string, boolean>} flags */
function connectWeb(shard, flags) {
  shards.add(shard);
  configureWeb({
    ...settingsFromFlags(flags),
    codec: {
      serialize: (value) =>
        serialize(value, { enhancedErrors: flags.enhanced_error_serialization }),
      deserialize,
    },
    holdOutput,
    deliverHere,
    behindGate,
  });
  installGlobals({ flags });
  installTimers();
  installGates();
}

/** @param {import('./shard').Shard} shard */
function disconnectWeb(shard) {
  shards.delete(shard);
}

module.exports = { connectWeb, disconnectWeb };
