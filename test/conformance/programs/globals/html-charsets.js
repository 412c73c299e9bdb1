// HTMLRewriter over documents in the encodings of old: what handlers see, what they write, and which bytes come out.
import { answer, attempt } from '../probe.js';

const bytes = (...parts) =>
  new Uint8Array(
    parts.flatMap((part) =>
      typeof part === 'string' ? [...part].map((c) => c.charCodeAt(0)) : [part].flat(),
    ),
  );

const shown = (data) =>
  [...data]
    .map((byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : `%${byte.toString(16)}`))
    .join('');

/** @returns what the rewritten document is, or why there is none */
async function rewrite(charset, chunks, handlers, documentHandlers) {
  const rewriter = new HTMLRewriter();
  for (const [selector, handler] of Object.entries(handlers)) rewriter.on(selector, handler);
  if (documentHandlers) rewriter.onDocument(documentHandlers);
  const body = new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  const headers = { 'content-type': `text/html; charset=${charset}` };
  try {
    const response = rewriter.transform(new Response(body, { headers }));
    return shown(new Uint8Array(await response.arrayBuffer()));
  } catch (error) {
    return `${error}`;
  }
}

/** Handlers that note what they see and write what not every encoding has. */
function busy(seen, more = '€я') {
  return {
    p: {
      element(element) {
        seen.push(element.getAttribute('title'), [...element.attributes]);
        element.setAttribute('x', `é😀${more}`);
        element.append(`é😀日${more}`, { html: true });
        element.before('<b>ü&</b>', { html: true });
        element.after(`ü&<${more}`);
      },
      text(text) {
        if (text.text !== '') seen.push(text.text);
      },
      comments(comment) {
        seen.push(comment.text);
      },
    },
  };
}

const single = bytes('<p title="', 0xe9, 0x80, '">a', 0xe9, 0xa4, '<!--', 0xe9, '--></p>', 0xe9);
const wide = {
  shift_jis: [0x93, 0xfa, 0x96, 0x7b, 0x83, 0x5c, 0xb1],
  gbk: [0xc4, 0xe3, 0xba, 0xc3],
  gb18030: [0xc4, 0xe3, 0x81, 0x30, 0x81, 0x30],
  big5: [0xa4, 0xa4, 0xa4, 0xe5],
  'euc-jp': [0xc6, 0xfc, 0x8e, 0xb1],
  'euc-kr': [0xc7, 0xd1, 0xb1, 0xdb],
};
const singles = [
  ...[
    'iso-8859-1',
    'windows-1252',
    'latin1',
    'us-ascii',
    'iso-8859-2',
    'iso-8859-5',
    'iso-8859-8-i',
  ],
  ...['iso-8859-15', 'iso-8859-16', 'koi8-r', 'koi8-u', 'macintosh', 'x-mac-cyrillic', 'ibm866'],
  ...[
    'windows-874',
    'windows-1250',
    'windows-1251',
    'windows-1253',
    'windows-1255',
    'x-user-defined',
  ],
];

const probes = {
  async singles() {
    const results = {};
    for (const label of singles) {
      const seen = [];
      results[label] = [await rewrite(label, [single], busy(seen)), seen];
    }
    return results;
  },
  async wides() {
    const results = {};
    for (const [label, text] of Object.entries(wide)) {
      const seen = [];
      const data = bytes('<p title="', text, '">', text, '<!--', text, '--></p>', text);
      // Two of them are larger in workerd than in ICU.
      const more = label === 'big5' || label === 'euc-kr' ? '' : '€я';
      results[label] = [await rewrite(label, [data], busy(seen, more)), seen];
    }
    return results;
  },
  /** A character is cut in two. */
  async chunks() {
    const results = {};
    for (const [label, text] of Object.entries(wide)) {
      const seen = [];
      const text2 = bytes('<p>', text, '</p><i>', text, '</i>');
      const parts = [...text2].map((byte) => bytes(byte));
      const handlers = { p: { text: (chunk) => void seen.push(chunk.text) } };
      results[label] = [await rewrite(label, parts, handlers), seen.join('')];
    }
    return results;
  },
  /** Nobody looks at them. */
  async untouched() {
    const results = {};
    for (const [label, text] of Object.entries(wide)) {
      const data = bytes('<i a="', text, '">', text, '</i><p>x</p>');
      results[label] = await rewrite(label, [data], {
        p: { element: (p) => void p.setAttribute('y', '1') },
      });
    }
    return results;
  },
  async selectors() {
    const data = bytes('<p class="', 0xff, '">a</p><p title=', 0xff, 0xf0, '>b</p><p>c</p>');
    const seen = [];
    const see = (name) => ({ element: (p) => void seen.push(name, p.getAttribute('class')) });
    const handlers = {
      'p[class="я"]': see('equal'),
      '.я': see('class'),
      'p[title^="я"]': see('begins'),
      'p[title*="р"]': see('has'),
    };
    return [await rewrite('windows-1251', [data], handlers), seen];
  },
  async names() {
    const seen = [];
    const data = bytes('<p ', 0xff, '=1>a</p><x', 0xff, '>b</x', 0xff, '>');
    const handlers = {
      '*': {
        async element(element) {
          seen.push(element.tagName, [...element.attributes]);
          seen.push(await attempt(() => void element.setAttribute('é', '1')));
          seen.push(await attempt(() => void element.setAttribute('я', 'é')));
          seen.push(await attempt(() => (element.tagName = 'pé')));
          element.onEndTag(async (end) => {
            seen.push(end.name, await attempt(() => (end.name = 'ыé')));
            if (end.name === 'p') end.name = 'pы';
          });
          seen.push(element.hasAttribute('я'), element.getAttribute('Я'));
        },
      },
    };
    return [await rewrite('windows-1251', [data], handlers), seen];
  },
  async 'names-that-fit'() {
    const handlers = { p: { element: (p) => void (p.tagName = 'pя') } };
    return rewrite('windows-1251', [bytes('<p>a</p>')], handlers);
  },
  async comments() {
    const seen = [];
    const comment = (text) => ({
      async comments(token) {
        seen.push(await attempt(() => (token.text = text)), token.text);
      },
    });
    const data = bytes('<p><!--', 0xef, '--></p>');
    return [
      await rewrite('windows-1251', [data], { p: comment('é') }),
      await rewrite('windows-1251', [data], { p: comment('я') }),
      await rewrite('windows-1251', [data], { p: comment('я-->') }),
      seen,
    ];
  },
  async text() {
    const data = bytes('<p>', 0xef, '<b>', 0xef, '</b></p><script>', 0xef, '</script>');
    const replace = { text: (text) => void (text.text && text.replace(`яé<${text.text}`)) };
    const html = {
      text: (text) => void (text.text && text.replace(`яé<${text.text}`, { html: true })),
    };
    return [
      await rewrite('windows-1251', [data], { b: replace }),
      await rewrite('windows-1251', [data], { b: html }),
      await rewrite('windows-1251', [data], { script: html }),
    ];
  },
  async document() {
    const seen = [];
    const data = bytes('<!doctype html SYSTEM "', 0xef, '"><!--', 0xef, '-->', 0xef);
    const handlers = {
      doctype: (type) => void seen.push(type.name, type.systemId),
      comments: (comment) => void comment.before('я'),
      text: (text) => void seen.push(text.text),
      end: (end) => void end.append('яé', { html: true }),
    };
    return [await rewrite('windows-1251', [data], {}, handlers), seen];
  },
  async 'from-streams'() {
    const content = new Response('яé日').body;
    return rewrite('windows-1251', [bytes('<p>a</p>')], {
      p: { element: (p) => void p.append(content, { html: true }) },
    });
  },
  async labels() {
    const results = {};
    for (const label of [
      '"windows-1251"',
      ' windows-1251 ',
      'cp1251',
      'WINDOWS-1251',
      'windows-1251; x=y',
      'replacement',
      'iso-2022-kr',
      'none',
    ])
      results[label] = await rewrite(label, [bytes('<p>', 0xef, '</p>')], {
        p: { element: (p) => void p.append('я') },
      });
    return results;
  },
};

export default { fetch: (request, env) => answer(probes, request, env) };
