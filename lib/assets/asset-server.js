'use strict';
// AssetServer: the static assets of a Worker (spec S8.7.1): which requests they answer, and how.
//
// Happy path: a redirect of `_redirects`, or the file that the path means (html-handling.js) with the headers of `_headers`.
// Ways it fails: nothing means the path: 404, which has() can ask before; a method that is none of GET and HEAD: 405; a file that
// vanished: 404.
//
// Owner: the project. The list of files is of the time of reload(); `holdfast dev` calls it when something changes.

const path = require('node:path');
const { latePackage } = require('../late-package');
const { ConfigError } = require('../config/config-error');
const { Headers } = require('../web/fetch/headers');
const { Response } = require('../web/fetch/response');
const { readAssetFiles, readText } = require('./asset-files');
const { openAsset } = require('./asset-body');
const { parseHeaders } = require('./headers-file');
const { resolveAsset } = require('./html-handling');
const { parseRedirects } = require('./redirects-file');

/** @type {() => typeof import('node:http')} */
const http = latePackage('node:http');

/** @typedef {import('../config/assets').AssetSettings} AssetSettings */
/**
 * What a request comes to.
 * @typedef {{kind: 'file', asset: import('./asset-files').AssetFile, status: number} | {kind: 'redirect', location: string, status: number}
 *   | {kind: 'status', status: 404 | 405} | {kind: 'nothing'}} Answer
 */

const kCacheControl = 'public, max-age=0, must-revalidate';

class AssetServer {
  #settings;
  /** @type {Map<string, import('./asset-files').AssetFile>} */
  #files = new Map();
  /** @type {import('./redirects-file').FindRedirect} */
  #findRedirect = () => undefined;
  /** @type {import('./headers-file').ApplyHeaders} */
  #applyHeaders = () => {};

  /** @param {AssetSettings} settings */
  constructor(settings) {
    this.#settings = settings;
  }

  /**
   * Reads anew which files there are, and the rules. What was read before stays until all is.
   * @returns {Promise<string[]>} warnings, one line each
   * @throws {ConfigError} there is no such directory
   */
  async reload() {
    const { directory, htmlHandling } = this.#settings;
    const files = await readAssetFiles(directory).catch((error) => {
      throw directoryError(error, directory);
    });
    const [headersText = '', redirectsText = ''] = await Promise.all([
      readText(path.join(directory, '_headers')),
      readText(path.join(directory, '_redirects')),
    ]);
    const headers = parseHeaders(headersText);
    const redirects = parseRedirects(redirectsText, htmlHandling);
    this.#files = files;
    this.#findRedirect = redirects.find;
    this.#applyHeaders = headers.apply;
    return [
      ...headers.problems.map((problem) => `_headers: ${problem}`),
      ...redirects.problems.map((problem) => `_redirects: ${problem}`),
    ];
  }

  /**
   * Whether there is anything for the request. What is served for a path that means nothing counts only when `withNotFound`.
   * @param {any} request
   * @param {boolean} withNotFound
   */
  has(request, withNotFound) {
    const settings = withNotFound
      ? this.#settings
      : { ...this.#settings, notFoundHandling: /** @type {const} */ ('none') };
    return this.#answerTo(request, settings).kind !== 'nothing';
  }

  /** @param {any} request @returns {Promise<any>} a Response */
  async fetch(request) {
    const answer = this.#answerTo(request, this.#settings);
    const response = await respond(answer, request);
    this.#applyHeaders(new URL(request.url), response.headers);
    return response;
  }

  /** @param {any} request @param {AssetSettings} settings @returns {Answer} */
  #answerTo(request, settings) {
    const url = new URL(request.url);
    const { basePath } = settings;
    if (!isWithin(decodePath(url.pathname), basePath)) return { kind: 'nothing' };
    const redirect = this.#findRedirect(url);
    if (redirect !== undefined && redirect.status !== 200)
      return { kind: 'redirect', status: redirect.status, location: locationOf(redirect.to, url) };
    const isProxied = redirect !== undefined;
    const pathname = isProxied ? new URL(redirect.to, url).pathname : url.pathname;
    const decoded = decodePath(pathname);
    const nothing = isProxied
      ? { kind: /** @type {const} */ ('status'), status: /** @type {const} */ (404) }
      : { kind: /** @type {const} */ ('nothing') };
    if (!isWithin(decoded, basePath)) return nothing;
    const found = this.#find(decoded, settings, isProxied);
    if (found === undefined) return nothing;
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return { kind: 'status', status: 405 };
    const destination = encodePath(
      'redirect' in found ? withBase(found.redirect, basePath) : decoded,
    );
    if ('redirect' in found || destination !== pathname)
      return { kind: 'redirect', status: 307, location: destination + url.search };
    const asset = /** @type {import('./asset-files').AssetFile} */ (this.#files.get(found.file));
    return { kind: 'file', asset, status: found.status };
  }

  /** @param {string} decoded within the base @param {AssetSettings} settings @param {boolean} isProxied */
  #find(decoded, settings, isProxied) {
    const exists = (/** @type {string} */ file) => this.#files.has(file);
    const root = isProxied ? undefined : rootOf(decoded, settings);
    if (root !== undefined && exists('/index.html')) return { redirect: root };
    return resolveAsset(withoutBase(decoded, settings.basePath), settings, exists);
  }
}

/** @param {NodeJS.ErrnoException} error @param {string} directory @returns {Error} */
function directoryError(error, directory) {
  const field = 'specified by the "assets.directory" field in your configuration file';
  if (error.code === 'ENOENT')
    return new ConfigError(`The directory ${field} does not exist: ${directory}`);
  if (error.code === 'ENOTDIR')
    return new ConfigError(`The path ${field} doesn't point to a directory: ${directory}`);
  return error;
}

/** @param {Answer} answer @param {any} request */
async function respond(answer, request) {
  if (answer.kind === 'file') return fileResponse(answer, request);
  if (answer.kind === 'redirect')
    return plain(answer.status, { headers: { location: answer.location } });
  return plain(answer.kind === 'status' ? answer.status : 404);
}

/** @param {Extract<Answer, {kind: 'file'}>} answer @param {any} request */
async function fileResponse({ asset, status }, request) {
  const opened = await openAsset(asset);
  if (opened === undefined) return plain(404);
  const tag = `"${opened.etag}"`;
  const headers = new Headers({ etag: tag });
  if (asset.type !== undefined) headers.set('content-type', asset.type);
  const isCacheable = !request.headers.has('authorization') && !request.headers.has('range');
  if (isCacheable) headers.set('cache-control', kCacheControl);
  headers.set('cf-cache-status', 'HIT');
  if ([tag, `W/${tag}`].includes(request.headers.get('if-none-match')))
    return plain(304, { headers });
  const body = request.method === 'HEAD' ? null : await opened.body();
  return plain(status, { headers }, body);
}

/** @param {number} status @param {object} [init] @param {any} [body] */
const plain = (status, init, body = null) =>
  new Response(body, { ...init, status, statusText: http().STATUS_CODES[status] });

/** A redirect within the host has a path only; what has no query keeps that of the request. @param {string} to @param {URL} url */
function locationOf(to, url) {
  const { href, origin, pathname, search, hash } = new URL(to, url);
  const place =
    origin === url.origin ? pathname : href.slice(0, href.length - search.length - hash.length);
  return place + (search || url.search) + hash;
}

/** @param {string} pathname */
const decodePath = (pathname) => bySegment(pathname, decodeURIComponent).replace(/\/+/g, '/');

/** @param {string} pathname */
const encodePath = (pathname) => bySegment(pathname, encodeURIComponent);

/** What cannot be converted stays as it is. @param {string} pathname @param {(text: string) => string} convert */
function bySegment(pathname, convert) {
  const segments = pathname.split('/').map((segment) => {
    try {
      return convert(segment);
    } catch {
      return segment;
    }
  });
  return segments.join('/');
}

/** @param {string} pathname @param {string} base */
const isWithin = (pathname, base) => pathname === base.slice(0, -1) || pathname.startsWith(base);

/** @param {string} pathname within the base @param {string} base */
const withoutBase = (pathname, base) => pathname.slice(base.length - 1) || '/';

/** @param {string} pathname @param {string} base */
const withBase = (pathname, base) => base.slice(0, -1) + pathname;

/** The base itself, with its slash or without: where its client should go. @param {string} decoded @param {AssetSettings} settings @returns {string | undefined} */
function rootOf(decoded, { basePath, htmlHandling }) {
  if (basePath === '/' || htmlHandling === 'none') return undefined;
  if (htmlHandling === 'drop-trailing-slash') return decoded === basePath ? '' : undefined;
  return decoded === basePath.slice(0, -1) ? '/' : undefined;
}

module.exports = { AssetServer };
