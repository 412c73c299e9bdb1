'use strict';
// What `cloudflare:email`, `cloudflare:workflows` and `cloudflare:sockets` export (spec S9.3).

const { EmailMessage } = require('../mail/email-message');
const { connect } = require('../web/tcp/tcp-socket');

/** A step of a workflow that throws it is not tried again. */
class NonRetryableError extends Error {
  /** @param {string} message @param {string} [name] */
  constructor(message, name = 'NonRetryableError') {
    super(message);
    this.name = name;
  }
}

module.exports = { EmailMessage, NonRetryableError, connect };
