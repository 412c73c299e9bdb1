'use strict';
// CronStore: one cron trigger of a Worker: an object whose alarm is the next occurrence (spec S9.1.3).
//
// Happy path: the alarm runs the handler for the occurrence that is due, then the next one is stored and the alarm set to it, in one
// commit. So each occurrence is run once, also one that fell into a time when nothing ran: it is run at the next start, in order.
// A crash during a run runs it again. A handler that throws is not called again for that occurrence. A trigger that is no longer in
// the config forgets what it stored when its alarm comes.

const { DurableObject } = require('../../workers/durable-object');
const { reportError } = require('../../report-error');
const { withinTime } = require('../within-time');
const { nextOccurrence } = require('./occurrences');
const { time } = require('../../time');

/** Occurrences missed for longer are not made up for. */
const kCatchUpMs = 24 * 60 * 60 * 1000;

class CronStore extends DurableObject {
  /** @param {string} name of this trigger @param {string} expression */
  async arm(name, expression) {
    const { storage } = this.ctx;
    const known = storage.kv.get('trigger');
    const next = known?.next ?? nextOccurrence(expression, time.now());
    if (next === undefined) return;
    storage.kv.put('trigger', { name, expression, next });
    if ((await storage.getAlarm()) === null) await storage.setAlarm(next);
  }

  /** For lib/testing: the next occurrence is the one after the present time. @param {string} name @param {string} expression */
  async rearm(name, expression) {
    await this.disarm();
    await this.arm(name, expression);
  }

  /** For lib/testing: it is never due. */
  async disarm() {
    this.ctx.storage.kv.delete('trigger');
    await this.ctx.storage.deleteAlarm();
  }

  /** @returns {Promise<void>} */
  alarm() {
    const { kv } = this.ctx.storage;
    const stored = kv.get('trigger');
    const trigger = this.env.triggers.get(stored.name);
    if (trigger === undefined) {
      kv.delete('trigger');
      return Promise.resolve();
    }
    const ended = this.#run(trigger, stored);
    trigger.track(ended); // close() lets the run be recorded, or it would be run again
    return ended;
  }

  /** @param {import('.').Trigger} trigger @param {{name: string, expression: string, next: number}} stored */
  async #run(trigger, { name, expression, next: due }) {
    const { storage } = this.ctx;
    if (due > time.now() - kCatchUpMs) {
      await withinTime(trigger.run(due), 'A scheduled() handler').catch(reportError);
    }
    const next = nextOccurrence(expression, Math.max(due, time.now() - kCatchUpMs));
    if (next === undefined) {
      storage.kv.delete('trigger');
      return;
    }
    storage.kv.put('trigger', { name, expression, next });
    await storage.setAlarm(next);
    await storage.sync();
  }
}

module.exports = { CronStore, kCatchUpMs };
