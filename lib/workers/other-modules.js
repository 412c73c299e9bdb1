'use strict';
// What `cloudflare:email`, `cloudflare:workflows` and `cloudflare:sockets` export (spec S9.3).

const { connect } = require('../web/tcp/tcp-socket');

/** A mail to be sent or forwarded. */
class EmailMessage {
  /** @param {string} from @param {string} to @param {string | ReadableStream} raw the message as it travels */
  constructor(from, to, raw) {
    this.from = from;
    this.to = to;
    this.raw = raw;
  }
}

/** A step of a workflow that throws it is not tried again. */
class NonRetryableError extends Error {
  /** @param {string} message @param {string} [name] */
  constructor(message, name = 'NonRetryableError') {
    super(message);
    this.name = name;
  }
}

module.exports = { EmailMessage, NonRetryableError, connect };
