'use strict';
// resolveAsset: which asset a path means, or to which path its client should go (spec S8.7.1, `html_handling`). Pure.
//
// Each way of handling has a list of steps for a path; the first that leads anywhere counts. `serve` names a file. `move` sends the
// client to another path, if what is served there is that very file and no file has the path for its name.

/** @typedef {'auto-trailing-slash' | 'force-trailing-slash' | 'drop-trailing-slash' | 'none'} HtmlHandling */
/** @typedef {{serve: string} | {move: string, to: string}} Step */

/** @param {string} file @returns {Step} */
const serve = (file) => ({ serve: file });
/** @param {string} file @param {string} to @returns {Step} */
const move = (file, to) => ({ move: file, to });

/**
 * What a path ends with, and the path of the page without it.
 * @param {string} path
 * @returns {{ending: '/index' | '/index.html' | '/' | '.html' | '', page: string}}
 */
function split(path) {
  for (const ending of /** @type {const} */ (['/index', '/index.html', '/', '.html']))
    if (path.endsWith(ending)) return { ending, page: path.slice(0, -ending.length) };
  return { ending: '', page: path };
}

/** @type {Record<HtmlHandling, (path: string) => Step[]>} */
const kSteps = {
  none: (path) => [serve(path)],
  'auto-trailing-slash': (path) => {
    const { ending, page } = split(path);
    const steps = {
      '/index': [serve(path), move(`${path}.html`, `${page}/`), move(`${page}.html`, page)],
      '/index.html': [move(path, `${page}/`), move(`${page}.html`, page)],
      '/': [serve(`${path}index.html`), move(`${page}.html`, page)],
      '.html': [move(path, page), move(`${page}/index.html`, `${page}/`)],
      '': [],
    }[ending];
    return [...steps, serve(path), serve(`${path}.html`), move(`${path}/index.html`, `${path}/`)];
  },
  'force-trailing-slash': (path) => {
    const { ending, page } = split(path);
    const folder = `${page}/`;
    const steps = {
      '/index': [serve(path), move(`${path}.html`, folder), move(`${page}.html`, folder)],
      '/index.html': [move(path, folder), move(`${page}.html`, folder)],
      '/': [serve(`${path}index.html`), serve(`${page}.html`)],
      '.html': [move(path, folder), serve(path), move(`${page}/index.html`, folder)],
      '': [],
    }[ending];
    const tail = [move(`${path}.html`, `${path}/`), move(`${path}/index.html`, `${path}/`)];
    return [...steps, serve(path), ...tail];
  },
  'drop-trailing-slash': (path) => {
    const { ending, page } = split(path);
    const isRoot = page === '';
    const toRoot = move('/index.html', '/');
    const steps = {
      '/index': [
        serve(path),
        ...(isRoot ? [toRoot] : [move(`${page}.html`, page), move(`${path}.html`, page)]),
      ],
      '/index.html': isRoot
        ? [toRoot]
        : [move(path, page), serve(path), move(`${page}.html`, page)],
      '/': isRoot
        ? [serve('/index.html')]
        : [move(`${page}.html`, page), move(`${page}/index.html`, page)],
      '.html': [move(path, page), move(`${page}/index.html`, page)],
      '': [],
    }[ending];
    return [...steps, serve(path), serve(`${path}.html`), serve(`${path}/index.html`)];
  },
};

/**
 * @param {string} path decoded
 * @param {object} options
 * @param {HtmlHandling} options.htmlHandling
 * @param {'none' | '404-page' | 'single-page-application'} options.notFoundHandling
 * @param {(file: string) => boolean} exists
 * @returns {{file: string, status: 200 | 404} | {redirect: string} | undefined} undefined: nothing
 */
function resolveAsset(path, { htmlHandling, notFoundHandling }, exists) {
  const steps = kSteps[htmlHandling];
  const served = (/** @type {string} */ target) =>
    steps(target).flatMap((step) =>
      'serve' in step && exists(step.serve) ? [step.serve] : [],
    )[0] ?? notFoundFile(target, notFoundHandling, exists)?.file;
  for (const step of steps(path)) {
    if ('serve' in step) {
      if (exists(step.serve)) return { file: step.serve, status: 200 };
    } else if (exists(step.move) && !exists(step.to) && served(step.to) === step.move) {
      return { redirect: step.to };
    }
  }
  return notFoundFile(path, notFoundHandling, exists);
}

/**
 * @param {string} path
 * @param {'none' | '404-page' | 'single-page-application'} handling
 * @param {(file: string) => boolean} exists
 * @returns {{file: string, status: 200 | 404} | undefined}
 */
function notFoundFile(path, handling, exists) {
  if (handling === 'single-page-application')
    return exists('/index.html') ? { file: '/index.html', status: 200 } : undefined;
  if (handling === 'none') return undefined;
  // The page of the nearest folder.
  for (let folder = path; folder !== '';) {
    folder = folder.slice(0, Math.max(folder.lastIndexOf('/'), 0));
    const file = `${folder}/404.html`;
    if (exists(file)) return { file, status: 404 };
  }
  return undefined;
}

module.exports = { resolveAsset };
