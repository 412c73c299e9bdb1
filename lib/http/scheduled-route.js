// scheduledRoute: `/cdn-cgi/local/scheduled` of a server for development, as of `wrangler dev`: whoever asks for it calls the
// `scheduled` handler now, instead of waiting for its cron.
'use strict';

const { refuseForeign } = require('./local-request');
const { reportError } = require('../report-error');
const { Response } = require('../web/fetch/response');
const { runHandler } = require('../workers/run-handler');
const { ScheduledController, saidNoRetry } = require('../workers/scheduled-controller');

/** What wrangler calls it now, and what it did before. */
const PATH = /^\/cdn-cgi\/(local|handler|mf)\/scheduled$/;

/**
 * @param {any} request its query may have `cron`, `time` (milliseconds of the epoch) and `format=json`
 * @param {import('../workers/worker').Worker} worker
 * @returns {any} a Response or a promise of one, with status 500 when the handler throws; undefined: the request is for the Worker
 */
function scheduledRoute(request, worker) {
  if (!request.url.includes('/scheduled')) return undefined;
  const { pathname, searchParams } = new URL(request.url);
  if (!PATH.test(pathname)) return undefined;
  return refuseForeign(request) ?? runNow(searchParams, worker);
}

/** @param {URLSearchParams} query @param {import('../workers/worker').Worker} worker */
async function runNow(query, worker) {
  const time = Number.parseInt(query.get('time') ?? '', 10);
  const scheduledTime = Number.isNaN(time) ? Date.now() : time;
  const controller = new ScheduledController(query.get('cron') ?? '', scheduledTime);
  let outcome = 'ok';
  try {
    await runHandler(worker, 'scheduled', controller);
  } catch (error) {
    reportError(error);
    outcome = 'exception';
  }
  const status = outcome === 'ok' ? 200 : 500;
  if (query.get('format') !== 'json') return new Response(outcome, { status });
  return /** @type {any} */ (Response).json(
    { outcome, noRetry: saidNoRetry(controller) },
    { status },
  );
}

module.exports = { scheduledRoute };
