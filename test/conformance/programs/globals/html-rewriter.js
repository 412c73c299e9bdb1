import { answer, attempt } from '../probe.js';

const html =
  '<!DOCTYPE html PUBLIC "a" "b"><html><!--c--><body class="x y" data-a=1><p id=p1>Hello <b>w</b></p><img src=a><p>two</p></body></html>';
const T = (rewriter, body = html, init = { headers: { 'content-type': 'text/html' } }) =>
  rewriter.transform(new Response(body, init));

const probes = {
  'document-handlers': () =>
    attempt(async () => {
      const log = [];
      const r = T(
        new HTMLRewriter().onDocument({
          doctype(d) {
            log.push(['dt', d.name, d.publicId, d.systemId]);
          },
          comments(c) {
            log.push(['c', c.text, c.removed]);
            c.text = 'new';
          },
          text(t) {
            log.push(['t', t.text, t.lastInTextNode]);
          },
          end(e) {
            e.append('<!--end-->', { html: true });
            e.append('<x>');
          },
        }),
      );
      return (await r.text()) + JSON.stringify(log) + JSON.stringify([...r.headers]);
    }),
  'element-handlers': () =>
    attempt(async () => {
      const log = [];
      const r = T(
        new HTMLRewriter()
          .on('p', {
            element(e) {
              log.push([
                e.tagName,
                [...e.attributes],
                e.namespaceURI,
                e.removed,
                e.selfClosing,
                e.canHaveContent,
                e.getAttribute('id'),
                e.getAttribute('zz'),
                e.hasAttribute('id'),
              ]);
              e.setAttribute('k', 'v"q');
              e.before('<b>');
              e.after('<a>', { html: true });
              e.prepend('P');
              e.append('A');
              e.onEndTag((t) => {
                log.push(t.name);
                t.before('EB');
                t.name = 'q';
              });
            },
            text(t) {
              if (t.text) t.replace(t.text.toUpperCase());
            },
            comments() {},
          })
          .on('img', {
            element(e) {
              e.remove();
            },
          })
          .on('b', {
            element(e) {
              e.removeAndKeepContent();
            },
          }),
      );
      return (await r.text()) + JSON.stringify(log);
    }),
  'handlers-that-wait': () =>
    attempt(async () => {
      const r = T(
        new HTMLRewriter().on('p', {
          async element(e) {
            await new Promise((r) => setTimeout(r, 5));
            e.setInnerContent('<i>x</i>', { html: true });
          },
        }),
      );
      return r.text();
    }),
  'handler-throws': () =>
    attempt(async () =>
      T(
        new HTMLRewriter().on('p', {
          element() {
            throw new TypeError('mine');
          },
        }),
      ).text(),
    ),
  'handler-rejects': () =>
    attempt(async () =>
      T(
        new HTMLRewriter().on('p', {
          async element() {
            throw new TypeError('mine2');
          },
        }),
      ).text(),
    ),
  'selector-refused': () => attempt(async () => new HTMLRewriter().on('p:hover!', {})),
  'pseudo-element-refused': () => attempt(async () => new HTMLRewriter().on('a:before', {})),
  'on-without-selector': () => attempt(async () => new HTMLRewriter().on()),
  'on-without-handlers': () => attempt(async () => new HTMLRewriter().on('p')),
  'on-document-without-handlers': () => attempt(async () => new HTMLRewriter().onDocument()),
  'transform-nothing': () => attempt(async () => new HTMLRewriter().transform()),
  'transform-text': () => attempt(async () => new HTMLRewriter().transform('x')),
  'no-body': () =>
    attempt(async () => {
      const r = T(
        new HTMLRewriter().onDocument({
          end(e) {
            e.append('x');
          },
        }),
        null,
      );
      return r.body === null ? 'null' : r.text();
    }),
  'empty-body': () =>
    attempt(async () => {
      const r = T(
        new HTMLRewriter().onDocument({
          end(e) {
            e.append('x');
          },
        }),
        '',
      );
      return r.text();
    }),
  'token-read-later': () =>
    attempt(async () => {
      let k;
      await T(
        new HTMLRewriter().on('p', {
          element(e) {
            k = e;
          },
        }),
      ).text();
      return k.tagName;
    }),
  'token-changed-later': () =>
    attempt(async () => {
      let k;
      await T(
        new HTMLRewriter().on('p', {
          element(e) {
            k = e;
          },
        }),
      ).text();
      return k.setAttribute('a', 'b');
    }),
  'body-used': () =>
    attempt(async () => {
      const r = new Response(html);
      await r.text();
      return new HTMLRewriter().transform(r).text();
    }),
  'attribute-refused': () =>
    attempt(async () =>
      T(
        new HTMLRewriter().on('p', {
          element(e) {
            e.setAttribute('a b', 'c');
          },
        }),
      ).text(),
    ),
  'tag-refused': () =>
    attempt(async () =>
      T(
        new HTMLRewriter().on('p', {
          element(e) {
            e.tagName = 'a b';
          },
        }),
      ).text(),
    ),
  'comment-refused': () =>
    attempt(async () =>
      T(
        new HTMLRewriter().onDocument({
          comments(c) {
            c.text = 'a-->b';
          },
        }),
      ).text(),
    ),
  'end-tag-of-void': () =>
    attempt(async () =>
      T(
        new HTMLRewriter().on('img', {
          element(e) {
            e.onEndTag(() => {});
          },
        }),
      ).text(),
    ),
  chunks: () =>
    attempt(async () => {
      const log = [];
      const s = new ReadableStream({
        start(c) {
          for (const p of ['<p>he', 'llo</', 'p><p', '>x</p>'])
            c.enqueue(new TextEncoder().encode(p));
          c.close();
        },
      });
      const r = new HTMLRewriter()
        .on('p', {
          text(t) {
            log.push([t.text, t.lastInTextNode]);
          },
        })
        .transform(new Response(s));
      return (await r.text()) + JSON.stringify(log);
    }),
  'this-of-handlers': () =>
    attempt(async () => {
      const h = {
        n: 5,
        element() {
          h.seen = this === h;
        },
      };
      await T(new HTMLRewriter().on('p', h)).text();
      return h.seen;
    }),
  'handlers-of-a-class': () =>
    attempt(async () => {
      class H {
        x = 1;
        element(e) {
          e.setInnerContent(String(this.x++));
        }
      }
      return T(new HTMLRewriter().on('p', new H())).text();
    }),
  'used-twice': () =>
    attempt(async () => {
      const w = new HTMLRewriter().on('p', {
        element(e) {
          e.remove();
        },
      });
      return (await T(w).text()) + (await T(w).text());
    }),
  'order-of-handlers': () =>
    attempt(async () => {
      const log = [];
      await T(
        new HTMLRewriter()
          .on('*', {
            element(e) {
              log.push('*' + e.tagName);
            },
          })
          .on('p', {
            element() {
              log.push('p');
            },
          }),
      ).text();
      return log;
    }),
  selectors: () =>
    attempt(async () => {
      const log = [];
      const w = new HTMLRewriter();
      for (const s of [
        'p:first-child',
        'p:nth-child(2)',
        'body > p',
        '[data-a="1"]',
        '.x.y',
        '#p1',
        'p:not(#p1)',
        'p b',
        '[src]',
        'p:nth-of-type(2)',
        'body[class~="y"]',
        'p:first-of-type',
      ])
        w.on(s, {
          element(e) {
            log.push(s + '=' + e.tagName);
          },
        });
      await T(w).text();
      return log;
    }),
  'content-from-streams': () =>
    attempt(async () =>
      T(
        new HTMLRewriter().on('p', {
          element(e) {
            e.append(new Response('<s>'), { html: true });
            e.prepend(new Response('<r>').body);
          },
        }),
      ).text(),
    ),
  'body-of-text': () =>
    attempt(async () => {
      const s = new ReadableStream({
        start(c) {
          c.enqueue('str');
          c.close();
        },
      });
      return new HTMLRewriter().transform(new Response(s)).text();
    }),
  'other-content-type': () =>
    attempt(async () =>
      T(
        new HTMLRewriter().on('p', {
          element(e) {
            e.remove();
          },
        }),
        html,
        { headers: { 'content-type': 'application/json' } },
      ).text(),
    ),
  charset: () =>
    attempt(async () => {
      const r = T(
        new HTMLRewriter().on('p', { text() {} }),
        new Uint8Array([0x3c, 0x70, 0x3e, 0xe9]),
        { headers: { 'content-type': 'text/html; charset=iso-8859-1' } },
      );
      return [...new Uint8Array(await r.arrayBuffer())];
    }),
  'wide-charset': () =>
    Promise.all(
      ['utf-16', 'utf-16be', 'iso-2022-jp'].map((label) =>
        attempt(() =>
          T(new HTMLRewriter().on('p', { text() {} }), html, {
            headers: { 'content-type': `text/html; charset=${label}` },
          }).text(),
        ),
      ),
    ),
  'unknown-charset': () =>
    attempt(async () =>
      T(new HTMLRewriter().on('p', { text() {} }), html, {
        headers: { 'content-type': 'text/html; charset=nope' },
      }).text(),
    ),
  'no-body-status': () =>
    attempt(async () => new HTMLRewriter().transform(new Response(null, { status: 204 })).status),
};

/** What leaves: its length is another one than the origin said. */
const wire = () =>
  T(new HTMLRewriter().on('img', { element: (e) => e.remove() }), html, {
    headers: { 'content-type': 'text/html', 'x-kept': '1' },
  });

export default {
  fetch: (request, env) =>
    new URL(request.url).pathname === '/wire' ? wire() : answer(probes, request, env),
};
