'use strict';
// QueueController and QueueMessage: what the `queue` handler gets, and what it says of them (spec S9.1.3).

const { optional, toInt } = require('../arguments');

/** What shall become of the messages of a batch: the first word about a message, or about all, holds. */
class Verdicts {
  /** @type {Map<string, {retry: boolean, delaySeconds?: number}>} by id */
  #messages = new Map();
  /** @type {{retry: boolean, delaySeconds?: number} | undefined} */
  #all;

  /** @param {string} id @param {{retry: boolean, delaySeconds?: number}} verdict */
  decide(id, verdict) {
    if (this.#all === undefined && !this.#messages.has(id)) this.#messages.set(id, verdict);
  }

  /** @param {{retry: boolean, delaySeconds?: number}} verdict */
  decideAll(verdict) {
    this.#all ??= verdict;
  }

  /** @param {string} id @param {boolean} failed whether the handler threw @returns {{retry: boolean, delaySeconds?: number}} */
  of(id, failed) {
    return this.#messages.get(id) ?? this.#all ?? { retry: failed };
  }

  /** What was said, for who called the handler as a method. @param {string[]} ids in order */
  summary(ids) {
    const said = ids.map((id) => ({ msgId: id, verdict: this.#messages.get(id) }));
    return {
      ackAll: this.#all?.retry === false,
      retryBatch: shownVerdict(this.#all),
      explicitAcks: said
        .filter(({ verdict }) => verdict?.retry === false)
        .map(({ msgId }) => msgId),
      retryMessages: said
        .filter(({ verdict }) => verdict?.retry)
        .map(({ msgId, verdict }) => ({ msgId, delaySeconds: verdict?.delaySeconds })),
    };
  }
}

class QueueMessage {
  #verdicts;

  /** @param {{id: string, timestamp: number, body: any, attempts: number}} message @param {Verdicts} verdicts */
  constructor({ id, timestamp, body, attempts }, verdicts) {
    this.#verdicts = verdicts;
    this.id = id;
    this.timestamp = new Date(timestamp);
    this.body = body;
    this.attempts = attempts;
  }

  ack() {
    this.#verdicts.decide(this.id, { retry: false });
  }

  /** @param {{delaySeconds?: number}} [options] */
  retry(options) {
    this.#verdicts.decide(this.id, { retry: true, ...delayOf(options) });
  }
}

class QueueController {
  #verdicts;

  /**
   * @param {string} queue
   * @param {{id: string, timestamp: number, body: any, attempts: number}[]} messages
   * @param {Verdicts} verdicts
   * @param {object} metrics of the messages that wait behind these
   */
  constructor(queue, messages, verdicts, metrics) {
    this.#verdicts = verdicts;
    this.metadata = { metrics };
    this.queue = queue;
    this.messages = messages.map((message) => new QueueMessage(message, verdicts));
  }

  ackAll() {
    this.#verdicts.decideAll({ retry: false });
  }

  /** @param {{delaySeconds?: number}} [options] */
  retryAll(options) {
    this.#verdicts.decideAll({ retry: true, ...delayOf(options) });
  }
}

/** @param {{retry: boolean, delaySeconds?: number} | undefined} verdict */
const shownVerdict = (verdict) => ({
  retry: verdict?.retry ?? false,
  delaySeconds: verdict?.delaySeconds,
});

/** @param {{delaySeconds?: number} | undefined} options */
const delayOf = (options) => ({ delaySeconds: optional(options?.delaySeconds, toInt) });

/**
 * Metrics as programs see them.
 * @param {{backlogCount: number, backlogBytes: number, oldestMessageTimestamp: number}} metrics milliseconds of the epoch; 0: none
 */
function shownMetrics({ oldestMessageTimestamp: oldest, ...counts }) {
  return { ...counts, ...(oldest === 0 ? {} : { oldestMessageTimestamp: new Date(oldest) }) };
}

module.exports = { QueueController, Verdicts, shownMetrics };
