'use strict';
// MessagesUnderWay: what an object has sent to sockets of this process and what has not come yet. On Workers a message is there before
// the answer of the call that sent it, and a close before that of the next one: the socket takes fewer steps of the event loop.
// Here answers are quicker, so they wait.
//
// A message has come when it is an event of an object, whether that object's gate lets it in or not, or when the code of a Worker has got
// it: none waits for an answer.

class MessagesUnderWay {
  /** In the order in which answers wait for them, each with a number. @type {Map<object, number>} */
  #open = new Map();
  /** Nothing waits for them before the next call. @type {Set<object>} */
  #later = new Set();
  #count = 0;
  /** @type {{last: number, leave: () => void}[]} */
  #answers = [];

  get isEmpty() {
    return this.#open.size === 0;
  }

  /** @param {'message' | 'end'} kind @returns {() => void} to be called when it has come, or never will */
  add(kind) {
    const sent = {};
    if (kind === 'message') this.#wait(sent);
    else this.#later.add(sent);
    return () => {
      this.#later.delete(sent);
      if (this.#open.delete(sent)) this.#settle();
    };
  }

  /** @param {object} sent */
  #wait(sent) {
    this.#count += 1;
    this.#open.set(sent, this.#count);
  }

  /** A call begins. */
  callStarts() {
    if (this.#later.size === 0) return;
    for (const sent of this.#later) this.#wait(sent);
    this.#later.clear();
  }

  /** Calls `leave` once all has come that is waited for now. @param {() => void} leave */
  after(leave) {
    if (this.isEmpty) leave();
    else this.#answers.push({ last: this.#count, leave });
  }

  #settle() {
    for (;;) {
      const [answer] = this.#answers;
      if (answer === undefined) return;
      const [first] = this.#open.values();
      if (first !== undefined && first <= answer.last) return;
      this.#answers.shift();
      answer.leave();
    }
  }
}

module.exports = { MessagesUnderWay };
