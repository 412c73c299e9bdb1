'use strict';
// Answers: runs the calls of an instance, and how their answers leave.
//
// The happy path: what a call gives is taken as it is; when the code that ran beside it rests, with its microtasks, the answer leaves
// once what the object wrote until then is durable, as in workerd, whose answers go on from its event loop (spec S2.6.2). When the
// instance ends before, the calls are rejected.
//
// What goes to an object arrives as an event of a later turn. So it is sent at once, and looks at its arrival whether the rest of
// its own turn wrote or ended the instance: that costs nothing, and objects call each other often. What goes to a Worker would be
// there at once, so it waits for the rest.

const { runEvent } = require('../current');
const { resetError } = require('../rpc/reset-error');
const { DeliveredCalls } = require('./delivered-calls');

/** @typedef {import('./delivered-calls').Call} Call */
/** @typedef {import('./delivered-calls').DeliveredCall} DeliveredCall */

class Answers extends DeliveredCalls {
  #instance;

  /** @param {import('./instance').ActorInstance} instance */
  constructor(instance) {
    super();
    this.#instance = instance;
  }

  /**
   * Runs a call as an event of the instance.
   * @param {Call} call
   */
  run(call) {
    const delivered = this.add(call);
    this.#instance.messages?.callStarts();
    if (call.reachedAs !== undefined) this.#instance.reachedAs = call.reachedAs;
    let result;
    try {
      result = runEvent(this.#instance, runCall, call, this.#instance);
    } catch (error) {
      this.#failAfter(call.errorTurns.thrown, delivered, error);
      return;
    }
    if (call.isTakenAtOnce ? isUnchanging(result) : !isThenable(result)) {
      this.#answer(delivered, 'resolve', result);
      return;
    }
    Promise.resolve(result).then(
      (value) => this.#answer(delivered, 'resolve', value),
      (error) => this.#failAfter(call.errorTurns.rejected, delivered, error),
    );
  }

  /** @param {number} turns of the microtask queue @param {DeliveredCall} delivered @param {unknown} error */
  async #failAfter(turns, delivered, error) {
    for (let i = 0; i < turns; i += 1) await undefined;
    this.#answer(delivered, 'fail', error);
  }

  /**
   * @param {DeliveredCall} delivered
   * @param {'resolve' | 'fail'} how
   * @param {any} value
   */
  #answer(delivered, how, value) {
    if (!delivered.isOpen) return; // the end of the instance has rejected it
    const { call } = delivered;
    const { shard } = this.#instance;
    if (how === 'resolve' && !call.isTakenAtOnce) {
      shard.whenRested(() => this.#leave(delivered, () => call.resolve(value)));
      return;
    }
    const handOver = call[how](value);
    if (call.isTakenAtOnce && call.owner !== undefined && shard.isInTurn && !this.#hasMessages) {
      this.#leaveEarly(delivered, handOver);
      return;
    }
    if (!call.isTakenAtOnce) delivered.handOver = handOver;
    shard.whenRested(() => this.#leave(delivered, () => handOver));
  }

  /** @param {DeliveredCall} delivered @param {() => () => void} take gives what hands it over */
  #leave(delivered, take) {
    if (!delivered.isOpen) return;
    const open = () => {
      this.#finish(delivered);
      delivered.call.answer(take());
    };
    const ticket = this.#instance.isLive ? this.#instance.gateTicket() : 0;
    if (ticket === 0) this.#afterMessages(delivered, open);
    else this.#wait(delivered, ticket, open);
  }

  get #hasMessages() {
    const { messages } = this.#instance;
    return messages !== undefined && !messages.isEmpty;
  }

  /** What it sent to sockets of this process comes before the answer. @param {DeliveredCall} delivered @param {() => void} open */
  #afterMessages(delivered, open) {
    if (!this.#hasMessages) open();
    else
      this.#instance.messages?.after(() => {
        if (delivered.isOpen) open();
      });
  }

  /** Before the rest of its turn. @param {DeliveredCall} delivered @param {() => void} handOver */
  #leaveEarly(delivered, handOver) {
    const { call } = delivered;
    const ticket = this.#instance.gateTicket();
    if (ticket !== 0) {
      this.#wait(delivered, ticket, () => {
        this.#finish(delivered);
        call.answer(handOver);
      });
      return;
    }
    const { turn } = this.#instance.shard;
    this.#finish(delivered);
    call.answer(() => this.#arrive(call, handOver, turn));
  }

  /** @param {DeliveredCall} delivered @param {number} ticket @param {() => void} open */
  #wait(delivered, ticket, open) {
    const instance = this.#instance;
    delivered.ticket = ticket;
    delivered.wroteAt = instance.progress?.wroteAt ?? 0;
    instance.awaitTicket(
      ticket,
      () => this.#afterMessages(delivered, open),
      () => this.#lost(delivered),
    );
  }

  /** @param {Call} call @param {() => void} handOver @param {number} turn in which it left */
  #arrive(call, handOver, turn) {
    const instance = this.#instance;
    const isWritten = instance.progress?.turn === turn;
    if (instance.isBroken && (isWritten || instance.endedIn === turn))
      call.reject(resetError(instance.reason, instance.flags));
    else if (isWritten && instance.isLive)
      instance.whenDurable(
        () => call.answer(handOver),
        (error) => call.reject(resetError(error, instance.flags)),
      );
    else handOver();
  }

  /** Its answer waited for what was committed when the instance ended, and that was never durable. @param {DeliveredCall} delivered */
  #lost(delivered) {
    if (!this.remove(delivered)) return;
    const { shard, reason, flags } = this.#instance;
    shard.letGo();
    delivered.call.reject(resetError(reason, flags));
  }

  /** @param {DeliveredCall} delivered */
  #finish(delivered) {
    if (!this.remove(delivered)) return;
    this.#instance.shard.letGo();
    this.#instance.finished();
  }

  /** The instance ended. @param {boolean} isDurable all that it wrote @returns {Call[]} those that will not be answered; they are removed */
  takeLost(isDurable) {
    const firstLost = this.#instance.shard.native.firstLost(this.#instance.handle) || Infinity;
    const isKept = (/** @type {DeliveredCall} */ delivered) =>
      (isDurable && delivered.handOver !== undefined) || this.#outlives(delivered, firstLost);
    return this.takeAll(isKept);
  }

  /**
   * Is it answered all the same? What it waits for is committed, and was long ago by workerd's measure.
   * @param {DeliveredCall} delivered
   * @param {number} firstLost the first ticket that waits for what is not committed
   */
  #outlives({ ticket, wroteAt }, firstLost) {
    const { progress, shard } = this.#instance;
    return (
      ticket > 0 &&
      ticket < firstLost &&
      progress?.hasAnswered(wroteAt) !== false &&
      shard.tickets.outlive(ticket)
    );
  }
}

/** @param {Call} call @param {import('./instance').ActorInstance} instance */
const runCall = (call, instance) => call.run(instance);

/** @param {any} value @returns {value is PromiseLike<any>} */
const isThenable = (value) => typeof value?.then === 'function';

/** Nothing that runs beside it can change it. @param {unknown} value */
const isUnchanging = (value) =>
  (typeof value !== 'object' || value === null) && typeof value !== 'function';

module.exports = { Answers, isThenable };
