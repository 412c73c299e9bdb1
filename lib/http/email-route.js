'use strict';
// emailRoute: `/cdn-cgi/local/email?from=…&to=…` of a server for development, as of `wrangler dev`: whoever posts a raw message there calls
// the `email` handler with it.

const { MailRefused, receive } = require('../mail/receive');
const { refuseForeign } = require('./local-request');
const { reportError } = require('../report-error');
const { Response } = require('../web/fetch/response');

/** What wrangler calls it now, and what it did before. */
const PATH = /^\/cdn-cgi\/(local|handler)\/email$/;
const kInvalid =
  'Invalid email. Your request must include URL parameters specifying the `from` and `to` addresses, as well as an email in the body';

/**
 * @param {any} request its query may have `format=json`
 * @param {import('../workers/worker').Worker} worker
 * @param {import('../mail/outbox').Outbox} outbox
 * @returns {any} a Response or a promise of one; undefined: the request is for the Worker
 */
function emailRoute(request, worker, outbox) {
  if (!request.url.includes('/email')) return undefined;
  const { pathname, searchParams } = new URL(request.url);
  if (!PATH.test(pathname)) return undefined;
  return refuseForeign(request) ?? receiveNow(searchParams, request, worker, outbox);
}

/**
 * @param {URLSearchParams} query
 * @param {any} request
 * @param {import('../workers/worker').Worker} worker
 * @param {import('../mail/outbox').Outbox} outbox
 */
async function receiveNow(query, request, worker, outbox) {
  const [from, to] = [query.get('from'), query.get('to')];
  if (!request.body || !from || !to) return new Response(kInvalid, { status: 400 });
  try {
    const { result, error, isUnhandled } = await receive(
      worker,
      { from, to, raw: request.body },
      outbox,
    );
    const status = result.outcome === 'ok' ? 200 : 500;
    if (query.get('format') === 'json') {
      if (status !== 200 && !isUnhandled) reportError(error);
      return /** @type {any} */ (Response).json(result, { status });
    }
    if (isUnhandled)
      return new Response('The Worker does not export an email() handler.', { status });
    if (status !== 200) throw error;
    return answerTo(result.rejectReason);
  } catch (error) {
    if (!(error instanceof MailRefused)) throw error;
    return new Response(error.message, { status: 400 });
  }
}

/** @param {string | undefined} reason */
function answerTo(reason) {
  if (reason === undefined) return new Response('Worker successfully processed email');
  return new Response(`Worker rejected email with the following reason: ${reason}`, {
    status: 400,
  });
}

module.exports = { emailRoute };
