// The two sides of a connection as streams of bytes. They are there before the connection is: reading waits for it, and so do writes.
// While nobody reads, the peer is not read from.
'use strict';

const { toBytes } = require('../streams/identity-transform-stream.js');
const { settings } = require('../settings.js');

/** @typedef {import('node:net').Socket} NodeSocket */

class ReadableSide {
  /** @type {any} */
  #controller;
  /** @type {NodeSocket | undefined} */
  #socket;
  #onEnd;
  #isWanted = false;
  #isOver = false;

  /** @param {() => void} onEnd the peer ended its side */
  constructor(onEnd) {
    this.#onEnd = onEnd;
    this.stream = new ReadableStream({
      type: 'bytes',
      start: (controller) => void (this.#controller = controller),
      pull: () => this.#want(),
      cancel: () => {
        this.#isOver = true;
        this.#want(); // what comes is dropped, and the end is seen
      },
    });
  }

  #want() {
    this.#isWanted = true;
    this.#socket?.resume();
  }

  /** @param {NodeSocket} socket */
  attach(socket) {
    this.#socket = socket;
    socket.on('data', this.#onData).on('end', this.#onFinish);
    if (this.#isWanted) socket.resume();
    else socket.pause();
  }

  /** The connection goes on without this stream. */
  detach() {
    this.#socket?.pause();
    this.#socket?.off('data', this.#onData).off('end', this.#onFinish);
    this.#socket = undefined;
    this.end();
  }

  #onData = (/** @type {Uint8Array} */ bytes) => {
    if (this.#isOver) return;
    this.#controller.enqueue(new Uint8Array(bytes));
    if (this.#controller.desiredSize > 0) return;
    this.#isWanted = false;
    this.#socket?.pause();
  };

  #onFinish = () => {
    this.end();
    this.#onEnd();
  };

  /** @param {unknown} error */
  fail(error) {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#controller.error(error);
  }

  end() {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#controller.close();
    this.#controller.byobRequest?.respond(0);
  }
}

class WritableSide {
  /** @type {any} */
  #controller;
  #opened;
  /** @type {Promise<unknown>} The last thing that was asked for; it never rejects. */
  #last = Promise.resolve();
  #isFinished = false;

  /**
   * @param {Promise<NodeSocket>} opened resolves when the connection stands
   * @param {number | undefined} highWaterMark
   */
  constructor(opened, highWaterMark) {
    this.#opened = opened;
    this.stream = new WritableStream(
      {
        start: (controller) => void (this.#controller = controller),
        write: (chunk) => this.#write(toBytes(chunk)),
        close: () => this.#close(),
        abort: async () => void (await this.#opened).destroy(),
      },
      highWaterMark === undefined ? undefined : { highWaterMark },
    );
  }

  /** Nothing more is taken: the connection is closed for its peer has ended it. */
  finish() {
    this.#isFinished = true;
  }

  #close() {
    return this.#isFinished ? undefined : this.#inOrder((socket, done) => socket.end(done));
  }

  /** S2.6.2: what leaves waits for what was written before. @param {Uint8Array} bytes */
  #write(bytes) {
    if (this.#isFinished) throw new TypeError('This WritableStream has been closed.');
    const held = settings.holdOutput();
    return this.#inOrder((socket, done) => socket.write(bytes, done), held);
  }

  /**
   * @param {(socket: NodeSocket, done: (error?: Error | null) => void) => void} run
   * @param {Promise<unknown>} [held]
   */
  #inOrder(run, held) {
    const done = this.#last.then(async () => {
      const socket = await this.#opened;
      await held;
      await new Promise((resolve, reject) => {
        run(socket, (error) => (error ? reject(error) : resolve(undefined)));
      });
    });
    this.#last = done.catch(() => {});
    return done;
  }

  /** Resolves when everything that was written has left. */
  async flushed() {
    // The stream hands over one chunk at a time.
    for (let last; last !== this.#last;) {
      last = this.#last;
      await last;
      await null;
    }
  }

  /** @param {unknown} error */
  fail(error) {
    this.#controller.error(error);
  }
}

module.exports = { ReadableSide, WritableSide };
