'use strict';
// Development: what a server does for whoever develops (`development: true`, `holdfast dev`): exceptions and builds that failed are shown
// to the client, each request has a line in the log, and crons and mail can be tried out.

const { Response } = require('../web/fetch/response');
const { describe } = require('../report-error');
const { errorPage, wantsHtml } = require('./error-page');
const { emailRoute } = require('./email-route');
const { scheduledRoute } = require('./scheduled-route');

class Development {
  #write;
  #outbox;
  /** Why the newest code does not run. @type {Error | undefined} */
  problem;

  /** @param {(line: string) => void} write @param {import('../mail/outbox').Outbox} outbox */
  constructor(write, outbox) {
    this.#write = write;
    this.#outbox = outbox;
  }

  /**
   * A page about the problem, for a browser that navigates. The code before it answers all others.
   * @param {any} request
   * @returns {any} a Response; undefined: there is nothing to say
   */
  problemResponse(request) {
    const accept = request.headers.get('accept');
    if (this.problem === undefined || !wantsHtml(accept)) return undefined;
    const text = this.problem.message;
    const { type, body } = errorPage({ title: 'The project cannot be built', text }, accept);
    return new Response(body, { status: 500, headers: { 'content-type': type } });
  }

  /**
   * What a server for development answers itself.
   * @param {any} request
   * @param {import('../workers/worker').Worker} worker
   * @returns {Promise<any> | undefined} a Response; undefined: the Worker answers
   */
  route(request, worker) {
    const answer = scheduledRoute(request, worker) ?? emailRoute(request, worker, this.#outbox);
    return answer && Promise.resolve(answer);
  }

  /**
   * @param {unknown} error which the Worker threw
   * @param {any} request undefined: it was not understood
   * @returns {{headersText: string, body: string}}
   */
  failure(error, request) {
    const accept = request?.headers.get('accept') ?? null;
    const { type, body } = errorPage(
      { title: 'The Worker threw an exception', text: describe(error) },
      accept,
    );
    return { headersText: `content-type: ${type}\r\n`, body };
  }

  /**
   * @param {string} method
   * @param {string} target path and query
   * @returns {(status: number) => void} to be called with the answer
   */
  begin(method, target) {
    const start = performance.now();
    return (status) => {
      const ms = Math.round(performance.now() - start);
      this.#write(`${method} ${target} ${status} (${ms} ms)`);
    };
  }
}

module.exports = { Development };
