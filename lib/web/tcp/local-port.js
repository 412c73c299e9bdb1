// LocalPort: carries what one end of a pair sends to the other end in the same process (S6.1.2).
//
// What is sent waits until the writes of the sender are durable (S2.6.2); order is kept (S6.4.5).
'use strict';

const { settings } = require('../settings.js');

/** @typedef {import('../sockets/socket-end.js').Arrival} Arrival */

class LocalPort {
  #from;
  /** @type {Array<{arrival: Arrival, arrived: (() => void) | undefined, open: boolean}>} */
  #held = [];

  /** @param {import('../sockets/socket-end.js').SocketEnd} from */
  constructor(from) {
    this.#from = from;
  }

  /** The end it belongs to was replaced. @param {import('../sockets/socket-end.js').SocketEnd} from */
  moveTo(from) {
    this.#from = from;
  }

  /** @param {string | Uint8Array} data */
  send(data) {
    this.#push({ kind: 'message', data: typeof data === 'string' ? data : new Uint8Array(data) });
  }

  /** @param {number | undefined} code @param {string} reason */
  close(code, reason) {
    this.#push({ kind: 'close', code: code ?? 1005, reason });
  }

  terminate() {
    for (const { arrived } of this.#take()) arrived?.();
    this.#from.peer?.receive({ kind: 'gone' });
  }

  hangUp() {
    this.#push({ kind: 'gone' });
  }

  /** What still waits for durability, for a port that holds output itself. @returns {Arrival[]} */
  takeHeld() {
    return this.#take().map(({ arrival, arrived }) => {
      arrived?.();
      return arrival;
    });
  }

  #take() {
    const held = this.#held;
    this.#held = [];
    return held;
  }

  /** @param {Arrival} arrival */
  #push(arrival) {
    const hold = settings.holdOutput();
    const arrived = settings.sent(arrival.kind === 'message' ? 'message' : 'end');
    if (hold === undefined && this.#held.length === 0) {
      this.#pass(arrival, arrived);
      return;
    }
    const entry = { arrival, arrived, open: hold === undefined };
    this.#held.push(entry);
    hold?.then(
      () => {
        entry.open = true;
        this.#drain();
      },
      () => {
        this.#held = this.#held.filter((other) => other !== entry);
        arrived?.();
        this.#drain();
      },
    );
  }

  #drain() {
    while (this.#held[0]?.open) {
      const [{ arrival, arrived }] = this.#held.splice(0, 1);
      this.#pass(arrival, arrived);
    }
  }

  /** @param {Arrival} arrival @param {(() => void) | undefined} arrived */
  #pass(arrival, arrived) {
    const { peer } = this.#from;
    if (peer) peer.receive(arrival, arrived);
    else arrived?.();
  }
}

module.exports = { LocalPort };
