'use strict';
// QueueStore: the messages of one queue and their delivery (spec S9.1.3).
//
// Happy path: send() stores messages; the alarm is set to when a batch is full or its oldest message has waited long enough; it gives
// the batch to the consumer, and what that accepted is deleted in one commit. A message that shall be tried again becomes due later;
// after the last try it goes to the dead-letter queue, which has it before it is deleted here. So a message is delivered at least once.
// Batches of a queue are delivered one after the other. Without a consumer messages wait, for as long as they are kept.

const { randomBytes } = require('node:crypto');
const { DurableObject } = require('../../workers/durable-object');
const { reportError } = require('../../report-error');
const { withinTime } = require('../within-time');
const { decode } = require('./queue-body');
const { Verdicts } = require('./message-batch');
const { time } = require('../../time');

const kRetentionMs = 4 * 24 * 60 * 60 * 1000;

const kSchema = `
CREATE TABLE IF NOT EXISTS messages (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, timestamp INTEGER NOT NULL, type TEXT NOT NULL, body BLOB NOT NULL,
  failures INTEGER NOT NULL DEFAULT 0, due INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS by_due ON messages (due);
`;

/**
 * @typedef {object} Sent
 * @property {string} contentType
 * @property {Uint8Array} body
 * @property {number} delaySeconds
 * @property {string} [id] of a message that was in another queue before
 * @property {number} [timestamp] the same
 */

class QueueStore extends DurableObject {
  #sql;

  /** @param {any} ctx @param {any} env */
  constructor(ctx, env) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#sql.exec(kSchema);
  }

  /** @param {string} queue its name @param {Sent[]} messages @returns {Promise<object>} the metrics before them */
  async send(queue, messages) {
    const metrics = this.metrics();
    const now = time.now();
    this.ctx.storage.kv.put('queue', queue);
    this.#sql.exec('DELETE FROM messages WHERE timestamp < ?', now - kRetentionMs);
    for (const { id, timestamp, contentType, body, delaySeconds } of messages) {
      this.#sql.exec(
        'INSERT INTO messages (id, timestamp, type, body, due) VALUES (?, ?, ?, ?, ?)',
        ...[id ?? randomBytes(16).toString('hex'), timestamp ?? now, contentType, body],
        now + delaySeconds * 1000,
      );
    }
    await this.arm(queue);
    return metrics;
  }

  /** Of messages that nobody has consumed. @param {number[]} [without] these: their `seq` */
  metrics(without = []) {
    const query = `SELECT count(*) AS backlogCount, coalesce(sum(length(body)), 0) AS backlogBytes,
      coalesce(min(timestamp), 0) AS oldestMessageTimestamp
      FROM messages WHERE seq NOT IN (SELECT value FROM json_each(?))`;
    return this.#sql.exec(query, JSON.stringify(without)).one();
  }

  /** A consumer is there. @param {string} queue */
  async begin(queue) {
    this.ctx.storage.kv.put('queue', queue);
    await this.arm(queue);
  }

  /** Sets the alarm to when the next batch is to be delivered. @param {string} queue */
  async arm(queue) {
    const consumer = this.env.consumers.get(queue);
    if (consumer === undefined) return;
    const query =
      'SELECT min(due) AS first, count(*) FILTER (WHERE due <= ?) AS ready FROM messages';
    const { first, ready } = this.#sql.exec(query, time.now()).one();
    if (first === null) return;
    const isFull = ready >= consumer.batchSize;
    await this.ctx.storage.setAlarm(isFull ? time.now() : first + consumer.batchTimeoutMs);
  }

  /** @returns {Promise<void>} */
  alarm() {
    const queue = this.ctx.storage.kv.get('queue');
    const consumer = this.env.consumers.get(queue);
    if (consumer === undefined) return Promise.resolve();
    const ended = this.#deliver(queue, consumer);
    consumer.track(ended); // close() lets the outcome be recorded, or the batch would be delivered again
    return ended;
  }

  /** @param {string} queue @param {import('.').Consumer} consumer */
  async #deliver(queue, consumer) {
    const query = 'SELECT * FROM messages WHERE due <= ? ORDER BY due, seq LIMIT ?';
    const rows = this.#sql.exec(query, time.now(), consumer.batchSize).toArray();
    if (rows.length > 0) {
      const verdicts = new Verdicts();
      let failed = false;
      try {
        const backlog = this.metrics(rows.map((/** @type {any} */ { seq }) => seq));
        const run = consumer.run(rows.map(toMessage), verdicts, backlog);
        await withinTime(run, 'A queue() handler');
      } catch (error) {
        failed = true;
        reportError(error);
      }
      await this.#settle(consumer, rows, verdicts, failed);
    }
    await this.arm(queue);
    await this.ctx.storage.sync();
  }

  /** @param {import('.').Consumer} consumer @param {any[]} rows @param {Verdicts} verdicts @param {boolean} failed */
  async #settle(consumer, rows, verdicts, failed) {
    const given = rows.map((row) => ({ row, verdict: verdicts.of(row.id, failed) }));
    const again = given.filter(({ verdict }) => verdict.retry);
    const lost = again.filter(({ row }) => row.failures >= consumer.retries);
    await consumer.bury(lost.map(({ row }) => toSent(row)));
    for (const { row, verdict } of given) {
      if (verdict.retry && row.failures < consumer.retries) {
        const due = time.now() + (verdict.delaySeconds ?? consumer.retryDelaySeconds) * 1000;
        const update = 'UPDATE messages SET failures = failures + 1, due = ? WHERE seq = ?';
        this.#sql.exec(update, due, row.seq);
      } else {
        this.#sql.exec('DELETE FROM messages WHERE seq = ?', row.seq);
      }
    }
  }
}

/** @param {any} row */
function toMessage({ id, timestamp, type, body, failures }) {
  const value = decode({ contentType: type, body: new Uint8Array(body) });
  return { id, timestamp, body: value, attempts: failures + 1 };
}

/** @param {any} row @returns {Sent} */
function toSent({ id, timestamp, type, body }) {
  return { id, timestamp, contentType: type, body: new Uint8Array(body), delaySeconds: 0 };
}

module.exports = { QueueStore, kRetentionMs };
