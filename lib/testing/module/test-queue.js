'use strict';
// createMessageBatch and getQueueResult (spec S10.2): a batch for the `queue` handler, and what the handler said of it.

const { TestExecutionContext, waitOnExecutionContext } = require('./wait-until');

/** @typedef {{retry: boolean, delaySeconds?: number}} Verdict */

/** @type {WeakMap<object, Verdict>} of a message, or of all of a batch */
const verdicts = new WeakMap();

class TestMessage {
  #batch;

  /** @param {TestMessageBatch} batch @param {any} message */
  constructor(batch, { id, timestamp, attempts, body, ...rest }) {
    this.#batch = batch;
    if ('serializedBody' in rest)
      throw new TypeError('Cannot use `serializedBody` with `createMessageBatch()`');
    if (typeof timestamp !== 'number' && !(timestamp instanceof Date))
      throw fieldError('timestamp', 'date');
    if (typeof attempts !== 'number') throw fieldError('attempts', 'number');
    this.id = String(id);
    this.timestamp = new Date(Number(timestamp));
    this.body = structuredClone(body);
    this.attempts = attempts;
  }

  ack() {
    decide(this, { retry: false }, verdicts.get(this.#batch), `ack() of message ${this.id}`);
  }

  /** @param {{delaySeconds?: number}} [options] */
  retry(options) {
    const verdict = { retry: true, ...delayOf(options) };
    decide(this, verdict, verdicts.get(this.#batch), `retry() of message ${this.id}`);
  }
}

class TestMessageBatch {
  metadata = {
    metrics: { backlogCount: 0, backlogBytes: 0, oldestMessageTimestamp: new Date(0) },
  };

  /** @param {string} queue @param {any[]} messages */
  constructor(queue, messages) {
    this.queue = queue;
    this.messages = messages.map((message) => new TestMessage(this, message));
  }

  ackAll() {
    decide(this, { retry: false }, undefined, 'ackAll()');
  }

  /** @param {{delaySeconds?: number}} [options] */
  retryAll(options) {
    decide(this, { retry: true, ...delayOf(options) }, undefined, 'retryAll()');
  }
}

/** The first word holds. @param {object} subject @param {Verdict} verdict @param {Verdict | undefined} ofAll @param {string} call */
function decide(subject, verdict, ofAll, call) {
  const before = ofAll ?? verdicts.get(subject);
  if (before === undefined) verdicts.set(subject, verdict);
  else if (before.retry !== verdict.retry)
    console.warn(`${call} has no effect: ${before.retry ? 'retry' : 'ack'} was said before.`);
}

/** @param {{delaySeconds?: number} | undefined} options */
const delayOf = (options) =>
  options?.delaySeconds === undefined ? {} : { delaySeconds: options.delaySeconds };

/** @param {string} field @param {string} type */
const fieldError = (field, type) =>
  new TypeError(
    `Incorrect type for the '${field}' field on 'ServiceBindingQueueMessage': the provided value is not of type '${type}'.`,
  );

/** @param {any[]} args queue name, messages */
function createMessageBatch(...args) {
  if (args.length === 0)
    throw new TypeError(
      "Failed to execute 'createMessageBatch': parameter 1 is not of type 'string'.",
    );
  if (!Array.isArray(args[1]))
    throw new TypeError(
      "Failed to execute 'createMessageBatch': parameter 2 is not of type 'Array'.",
    );
  return new TestMessageBatch(String(args[0]), args[1]);
}

/** @param {unknown} batch @param {unknown} ctx */
async function getQueueResult(batch, ctx) {
  if (!(batch instanceof TestMessageBatch))
    throw new TypeError(
      "Failed to execute 'getQueueResult': parameter 1 is not of type 'MessageBatch'.\n" +
        "You must call 'createMessageBatch()' to get a 'MessageBatch' instance.",
    );
  if (!(ctx instanceof TestExecutionContext))
    throw new TypeError(
      "Failed to execute 'getQueueResult': parameter 2 is not of type 'ExecutionContext'.\n" +
        "You must call 'createExecutionContext()' to get an 'ExecutionContext' instance.",
    );
  await waitOnExecutionContext(ctx);
  const said = batch.messages.map(({ id }, index) => {
    return { id, verdict: verdicts.get(batch.messages[index]) };
  });
  const all = verdicts.get(batch);
  return {
    outcome: 'ok',
    retryBatch: { ...all, retry: all?.retry ?? false },
    ackAll: all?.retry === false,
    retryMessages: said
      .filter(({ verdict }) => verdict?.retry)
      .map(({ id, verdict: { delaySeconds } = { retry: true } }) => {
        return { msgId: id, ...delayOf({ delaySeconds }) };
      }),
    explicitAcks: said.filter(({ verdict }) => verdict?.retry === false).map(({ id }) => id),
  };
}

module.exports = { createMessageBatch, getQueueResult };
