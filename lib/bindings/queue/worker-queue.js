'use strict';
// WorkerQueue: what the binding of a producer puts on env (spec S8.7.1). Error texts are those of Workers.

const { parameterError } = require('../../web/errors');
const { defineInterface } = require('../../web/interface');
const { kNotStorable } = require('../../storage/refusals');
const { optional, toInt, toOptions } = require('../arguments');
const { shownMetrics } = require('./message-batch');
const { encode, isReadable, kTypes } = require('./queue-body');

const kOwner = 'WorkerQueue';
const kMake = Symbol('make');
const kMessageBytesMax = 128_000;
const kBatchMessagesMax = 100;
const kBatchBytesMax = 288_000;
const kNoRequest =
  'Cannot initialize N7workerd3api11WorkerQueue18MessageSendRequestE with required members from an undefined or null value.';
const kDelaySecondsMax = 86_400;

class WorkerQueue {
  #call;
  #queue;
  #delay;
  #flags;

  /**
   * @param {symbol} key
   * @param {(method: string, ...args: any[]) => Promise<any>} call of the store of this queue
   * @param {{queue: string, deliveryDelay: number}} producer
   * @param {Record<string, boolean>} flags
   */
  constructor(key, call, { queue, deliveryDelay }, flags) {
    if (key !== kMake) throw new TypeError('Illegal constructor');
    this.#call = call;
    this.#queue = queue;
    this.#delay = deliveryDelay;
    this.#flags = flags;
  }

  /** @param {any[]} args */
  async send(...args) {
    if (args.length === 0) throw parameterError('send', kOwner, 1, 'Value');
    const options = toOptions(args[1], 'send', kOwner, 2, 'SendOptions');
    const { contentType, delaySeconds = this.#delay } = howToSend(options);
    // Here alone capitals do not matter.
    const type = kTypes.find((name) => name === contentType?.toLowerCase()) ?? contentType;
    const message = encode(args[0], type, this.#flags);
    checkSize(message.body.byteLength, kMessageBytesMax, 'Queue send failed: message length of');
    checkMessage({ ...message, delaySeconds });
    const metrics = await this.#call('send', this.#queue, [{ ...message, delaySeconds }]);
    return { metadata: { metrics: shownMetrics(metrics) } };
  }

  /** @param {any[]} args */
  async sendBatch(...args) {
    if (args.length === 0) throw parameterError('sendBatch', kOwner, 1, 'Sequence');
    const requests = toRequests(args[0]);
    const options = toOptions(args[1], 'sendBatch', kOwner, 2, 'SendBatchOptions');
    const { delaySeconds: common = this.#delay } = howToSend(options);
    const messages = requests.map(({ body, contentType, delaySeconds = common }) => ({
      ...encode(body, contentType, this.#flags),
      delaySeconds,
    }));
    checkBatch(messages.map(({ body }) => body.byteLength));
    messages.forEach(checkMessage);
    const metrics = await this.#call('send', this.#queue, messages);
    return { metadata: { metrics: shownMetrics(metrics) } };
  }

  async metrics() {
    return shownMetrics(await this.#call('metrics'));
  }
}

/** @param {any} options @returns {{contentType?: string, delaySeconds?: number}} */
const howToSend = ({ contentType, delaySeconds }) => ({
  contentType: optional(contentType, String),
  delaySeconds: optional(delaySeconds, toInt),
});

/** All of them are converted before any is looked at. @param {any} given @returns {any[]} */
function toRequests(given) {
  const isSequence = typeof given === 'object' && given !== null && Symbol.iterator in given;
  if (!isSequence) throw parameterError('sendBatch', kOwner, 1, 'Sequence');
  return [...given].map((request) => {
    if (request === undefined || request === null) throw new TypeError(kNoRequest);
    if (typeof request !== 'object') throw wrongType('MessageSendRequest');
    return { body: request.body, ...howToSend(request) };
  });
}

/** @param {string} type */
const wrongType = (type) =>
  new TypeError(`Incorrect type: the provided value is not of type '${type}'.`);

/** @param {import('./queue-body').Encoded & {delaySeconds: number}} message */
function checkMessage(message) {
  const { delaySeconds: delay } = message;
  if (!isReadable(message))
    throw new Error('Queue send failed: JSON has no text for the body of a message');
  if (delay >= 0 && delay <= kDelaySecondsMax) return;
  throw new Error(
    `Queue send failed: message delay ${delay} is invalid: it is from 0 to ${kDelaySecondsMax} seconds`,
  );
}

/** @param {number} size @param {number} max @param {string} what */
function checkSize(size, max, what) {
  if (size > max) throw new Error(`${what} ${size} bytes exceeds limit of ${max}`);
}

/** @param {number[]} sizes */
function checkBatch(sizes) {
  if (sizes.length === 0) throw new TypeError('sendBatch() requires at least one message');
  const failed = 'Queue sendBatch failed:';
  if (sizes.length > kBatchMessagesMax) {
    throw new Error(
      `${failed} batch message count of ${sizes.length} exceeds limit of ${kBatchMessagesMax}`,
    );
  }
  const largest = Math.max(...sizes);
  if (largest > kMessageBytesMax) {
    throw new Error(
      `${failed} message in batch has length ${largest} bytes which exceeds single message size limit of ${kMessageBytesMax}`,
    );
  }
  const sum = sizes.reduce((total, size) => total + size, 0);
  checkSize(sum, kBatchBytesMax, `${failed} batch size of`);
}

defineInterface(WorkerQueue);
Object.defineProperty(WorkerQueue.prototype, kNotStorable, { value: true });

/**
 * @param {(method: string, ...args: any[]) => Promise<any>} call
 * @param {{queue: string, deliveryDelay: number}} producer
 * @param {Record<string, boolean>} flags
 */
const makeQueue = (call, producer, flags) => new WorkerQueue(kMake, call, producer, flags);

module.exports = { makeQueue };
