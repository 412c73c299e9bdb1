'use strict';
// Connects the web classes, of which there is one set per process, to the runtimes of this environment.

const { configureWeb, settingsFromFlags } = require('./web/internal');
const { serialize, deserialize } = require('./storage/value-codec');
const { current, runAs } = require('./current');
const { checkContext } = require('./rpc/ownership');
const { makeTimers } = require('./actors/timers');
const { asIfAtOnce, behindGate, installGatesAtOnce } = require('./actors/behind-gate');
const { MessagesUnderWay } = require('./actors/messages-under-way');
const { installStreamGates } = require('./actors/gated-streams');

/** @typedef {import('./workers/invocation').Invocation} Invocation */

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
 * How events reach a socket that is accept()ed or opened now (S2.5.12). It is cut when its object breaks (S2.7.2) and when the invocation
 * ends (S9.1.2).
 * @param {import('./web/sockets/socket-end').SocketEnd} end
 * @param {boolean} keeps the invocation stays while it is open
 * @returns {import('./web/settings').Deliver | undefined}
 */
function deliverHere(end, keeps) {
  const { instance, context } = current;
  if (context === undefined) return undefined;
  if (instance === undefined) return deliverIn(/** @type {Invocation} */ (context), end, keeps);
  const untie = instance.tie(() => end.cut());
  // While it is open (S2.3.2). A hibernatable socket at the other end does not answer a Close by itself.
  const isHeld = end.peer?.stage !== 'hibernatable';
  if (isHeld) instance.hold();
  let isOver = false;
  return (fn, arrived) => {
    instance.postTask(() => {
      fn();
      if (!end.isOver || isOver) return;
      isOver = true;
      untie();
      if (isHeld) instance.release();
    }, 0);
    arrived?.();
  };
}

/**
 * To a socket of a Worker's code.
 * @param {Invocation} invocation
 * @param {import('./web/sockets/socket-end').SocketEnd} end
 * @param {boolean} keeps
 * @returns {import('./web/settings').Deliver}
 */
function deliverIn(invocation, end, keeps) {
  if (invocation.isLive) {
    const untie = invocation.tie(() => end.cut());
    if (keeps) invocation.begin();
    end.onOver = () => {
      untie();
      if (keeps) invocation.done();
    };
  }
  // Not as the code at the other end, which may be what sets it off.
  return (fn, arrived) =>
    void setImmediate(() => {
      try {
        runAs(invocation, fn);
      } finally {
        arrived?.(); // or an answer would wait for ever
      }
    });
}

/** Of the code that runs now, while that has not ended. @param {(error: unknown) => void} sever */
function tie(sever) {
  const { context } = current;
  return context?.isLive ? context.tie(sever) : undefined;
}

/** @param {import('./actors/instance').ActorInstance | undefined} instance */
function messagesOf(instance) {
  if (instance === undefined) return undefined;
  instance.messages ??= new MessagesUnderWay();
  return instance.messages;
}

let hasGates = false;

/** For what Node answers by itself. Once per environment. */
function installGates() {
  if (hasGates) return;
  hasGates = true;
  installGatesAtOnce();
  installStreamGates();
}

/** The runtime whose code runs now; that of no object counts as the newest. @returns {import('./shard').Shard} */
function currentShard() {
  const shard = current.instance?.shard ?? [...shards].at(-1);
  if (shard === undefined) throw new Error('The runtime is closed.');
  return shard;
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
    sent: (kind) => messagesOf(current.instance)?.add(kind),
    deliverHere,
    tie,
    behindGate,
    asIfAtOnce,
    timers: makeTimers(flags),
    context: () => current.context,
    checkContext: (owner, type) => checkContext(owner, current.context, type),
  });
  installGates();
}

/** @param {import('./shard').Shard} shard */
function disconnectWeb(shard) {
  shards.delete(shard);
}

module.exports = { connectWeb, currentShard, disconnectWeb };
