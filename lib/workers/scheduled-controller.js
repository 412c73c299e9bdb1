'use strict';
// ScheduledController: the argument of the `scheduled` handler (spec S9.1.3).

class ScheduledController {
  /** Whether the handler said that its run is not to be tried again. */
  #noRetry = false;

  /** @param {string} cron @param {number} scheduledTime milliseconds of the epoch */
  constructor(cron, scheduledTime) {
    this.scheduledTime = scheduledTime;
    this.cron = cron;
  }

  noRetry() {
    this.#noRetry = true;
  }

  /** @param {ScheduledController} controller */
  static saidNoRetry(controller) {
    return controller.#noRetry;
  }
}

const { saidNoRetry } = ScheduledController;
Reflect.deleteProperty(ScheduledController, 'saidNoRetry');

module.exports = { ScheduledController, saidNoRetry };
