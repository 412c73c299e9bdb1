'use strict';
// errorPage: what went wrong, for whoever develops: HTML for a browser, text for all else. Pure.

/**
 * @param {{title: string, text: string}} problem `text` may have several lines, as a stack has
 * @param {string | null} accept header of the request
 * @returns {{type: string, body: string}}
 */
function errorPage({ title, text }, accept) {
  if (!wantsHtml(accept))
    return { type: 'text/plain;charset=UTF-8', body: `${title}\n\n${text}\n` };
  const [first, ...rest] = text.split('\n');
  const details = rest.length === 0 ? '' : `<pre>${escaped(rest.join('\n'))}</pre>`;
  const body = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 3rem auto; padding: 0 1rem; color-scheme: light dark; }
  h1 { font-size: 1rem; font-weight: 600; color: #c22; }
  p, pre { font-family: ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
  p { font-size: 1.25rem; }
  pre { font-size: 0.875rem; opacity: 0.8; }
</style>
<h1>${escaped(title)}</h1>
<p>${escaped(first)}</p>
${details}
</html>
`;
  return { type: 'text/html;charset=UTF-8', body };
}

/** A browser that navigates asks for it by name. @param {string | null} accept */
const wantsHtml = (accept) => /\btext\/html\b/i.test(accept ?? '');

/** @param {string} text */
const escaped = (text) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

module.exports = { errorPage, wantsHtml };
