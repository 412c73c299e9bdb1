'use strict';
// AlarmRun: one run of an object's alarm handler (spec S5.2, S5.3).
//
// The stored alarm stays until the handler succeeded and its writes are durable (S5.6.5); meanwhile getAlarm() says null.

const { reportError } = require('../report-error');
const { time } = require('../time');

/** @typedef {'success' | 'failure' | 'uncounted' | 'cancelled' | 'abandon'} Outcome */

const kNoHandler =
  'Attempted to run a scheduled alarm without a handler, did you remember to export an alarm() function?';
const kTooLong = 'Alarm exceeded its allowed execution time';
const kTimeLimitMs = 15 * 60 * 1000;

class AlarmInvocationInfo {
  /** @param {number} scheduledTime @param {number} retryCount */
  constructor(scheduledTime, retryCount) {
    this.scheduledTime = scheduledTime;
    this.retryCount = retryCount;
    this.isRetry = retryCount > 0;
  }

  get [Symbol.toStringTag]() {
    return 'AlarmInvocationInfo';
  }
}

class AlarmRun {
  #instance;
  #scheduledAt;
  #retryCount;
  /** @type {() => void} */
  #onEnd = () => {};
  /** @type {any} */
  #timer;
  #abandoned = false;
  /** @type {number | null} the alarm that runs */
  #storedAt = null;
  #ended = false;

  /** @param {import('./instance').ActorInstance} instance @param {number} scheduledAt @param {number} retryCount */
  constructor(instance, scheduledAt, retryCount) {
    this.#instance = instance;
    this.#scheduledAt = scheduledAt;
    this.#retryCount = retryCount;
  }

  /** @param {() => void} onEnd */
  start(onEnd) {
    this.#onEnd = onEnd;
    const { store } = this.#instance;
    let stored;
    try {
      stored = store.storedAlarm();
    } catch {
      this.#end('uncounted');
      return;
    }
    // S5.3.6: the store decides, the schedule may be behind.
    if (stored === null || stored > time.now()) {
      this.#end('cancelled', stored);
      return;
    }
    this.#storedAt = stored;
    const handler = this.#instance.handler('alarm');
    if (handler === undefined) {
      console.warn(kNoHandler);
      store.deleteAlarm();
      this.#end('abandon');
      return;
    }
    store.deferAlarmDeletion();
    this.#timer = time.setLimit(() => this.#instance.break(new Error(kTooLong)), kTimeLimitMs);
    this.#timer.unref();
    this.#afterWhatWaits(() => void this.#run(handler));
  }

  /** The alarm has come through the gate; its handler comes through it once more, as on workerd: what waits by then goes first and
   * finds the alarm taken (S5.3.1). @param {() => void} run */
  #afterWhatWaits(run) {
    const { shard, handle } = this.#instance;
    if (shard.native.hasMail(handle)) this.#instance.postTask(run);
    else run();
  }

  /** @param {Function} handler */
  async #run(handler) {
    const info = new AlarmInvocationInfo(this.#scheduledAt, this.#retryCount);
    try {
      await handler.call(this.#instance.object, info);
      this.#succeed();
    } catch (error) {
      if (this.#ended) return;
      reportError(error);
      this.#fail();
    }
  }

  #succeed() {
    if (this.#ended || !this.#instance.isLive) return;
    this.#instance.store.settleAlarmDeletion(true);
    this.#instance.whenAllDurable(
      () => this.#end('success'),
      () => {},
    );
  }

  #fail() {
    if (!this.#instance.isLive) return;
    this.#instance.store.settleAlarmDeletion(false);
    this.#instance.whenAllDurable(
      () => this.#end('failure'),
      () => {},
    );
  }

  /** S1.14.5: the abort that follows drops the alarm. */
  abandon() {
    this.#abandoned = true;
  }

  /** The instance broke under the run. */
  broken() {
    this.#end(this.#abandoned ? 'abandon' : 'failure');
  }

  /** @param {Outcome} outcome @param {number | null} [storedAt] */
  #end(outcome, storedAt = null) {
    if (this.#ended) return;
    this.#ended = true;
    time.clearTimeout(this.#timer);
    this.#onEnd();
    const { shard } = this.#instance;
    const verdict = shard.alarmOver(this.#instance, outcome, storedAt);
    if (verdict === 'abandoned') shard.dropAlarm(this.#instance, this.#storedAt);
  }
}

module.exports = { AlarmRun };
