'use strict';
// refuseForeign: what a server for development answers itself is for programs of this machine: a page of the web that a browser shows here must
// not reach it, neither by its own origin nor by a name of its own that leads to this machine. The rule is miniflare's.

const { Response } = require('../web/fetch/response');

const kLocal = ['localhost', '127.0.0.1', '[::1]'];

/** @param {any} request @returns {any} a Response with status 403; undefined: it may pass */
function refuseForeign(request) {
  const { headers } = request;
  const host = headers.get('host');
  const origin = headers.get('origin');
  if (host && !isLocal(`http://${host}`)) return refused('Invalid Host header');
  if (origin && !isLocal(origin)) return refused('Invalid Origin header');
  return undefined;
}

/** @param {string} url */
const isLocal = (url) => URL.canParse(url) && kLocal.includes(new URL(url).hostname);

/** @param {string} text */
const refused = (text) => new Response(text, { status: 403, statusText: text });

module.exports = { refuseForeign };
