// Mutations: what can be wrong, or unusual, with one HTTP/1.1 request. Each changes a draft; where it says a `refusal`, that
// clause of RFC 9110 or RFC 9112 lets a server refuse the request, or asks it to; with `served: ` before it, lets it serve the request.

const shown = (text) =>
  JSON.stringify(text.length < 40 ? text : `${text.slice(0, 20)}… ${text.length}`);

/**
 * @param {string} name @param {[text: string, refusal?: string][]} choices
 * @param {(draft: import('./hostile-requests.mjs').Draft, text: string, r: import('../programs/random.js').Random) => void} change
 */
function choice(name, choices, change) {
  return {
    name,
    apply(draft, r) {
      const [text, refusal] = r.pick(choices);
      change(draft, text, r);
      return { name: shown(text), refusal };
    },
  };
}

const setMethod = (draft, text) => {
  draft.method = text;
};
const setTarget = (draft, text) => {
  draft.target = text;
};
const setVersion = (draft, text) => {
  draft.version = text;
};
const withoutField = (draft, name) => {
  draft.fields = draft.fields.filter((field) => !field.toLowerCase().startsWith(`${name}:`));
};
const addField = (draft, text, r) => draft.fields.splice(r.below(draft.fields.length + 1), 0, text);
/** Its body as it is, framed as the lines of `text` say. */
const frame = (method, body) => (draft, text) => {
  draft.method = method;
  withoutField(draft, 'content-length');
  withoutField(draft, 'transfer-encoding');
  if (text !== '') draft.fields.push(...text.split('\r\n'));
  draft.body = body;
};

const notToken = 'RFC 9110, 9.1';
const requestLine = 'RFC 9112, 3';
const badTarget = 'RFC 9112, 3.2';
const badHost = 'RFC 9112, 3.2';
const badName = 'RFC 9112, 5.1';
const badValue = 'RFC 9110, 5.5';
const badLength = 'RFC 9112, 6.3';
const badEncoding = 'RFC 9112, 6.1';
const badChunk = 'RFC 9112, 7.1';
const lineEnds = 'RFC 9112, 2.2';

const incomplete = 'RFC 9112, 8';

const chunk5 = '5\r\nhello\r\n0\r\n\r\n';

export const mutations = [
  choice(
    'method',
    [
      ['get'],
      ['PURGE'],
      ['FOO'],
      ['GETX'],
      ['M-SEARCH'],
      ['TRACE'],
      ['G\tET', notToken],
      ['(GET)', notToken],
      ['G@T', notToken],
      ['', notToken],
      ['X'.repeat(100)],
      ['G\x00T', notToken],
      ['\xe9', notToken],
    ],
    setMethod,
  ),
  choice(
    'version',
    [
      ['HTTP/1.0'],
      ['HTTP/1.2'],
      ['HTTP/2.0', 'RFC 9110, 15.6.6'],
      ['HTTP/0.9', 'RFC 9110, 15.6.6'],
      ['HTTP/11.1', requestLine],
      ['http/1.1', requestLine],
      ['HTTP/1', requestLine],
      ['HTTPS/1.1', requestLine],
      ['HTTP/1.1x', requestLine],
      ['HTTP/1.1 ', requestLine],
      ['HTTP/1.1\t', requestLine],
      ['', requestLine],
      ['HTTP', requestLine],
      [' HTTP/1.1', requestLine],
    ],
    setVersion,
  ),
  choice(
    'target',
    [
      ['http://other.example/x'],
      ['http://other.example'],
      ['http://other.example?q'],
      ['http://other.example:8080/x'],
      ['HTTP://OTHER.example/X'],
      ['https://other.example/x'],
      ['ws://other.example/x', badTarget],
      ['ftp://other.example/x', badTarget],
      ['http://user:pw@other.example/x', 'RFC 9110, 4.2.4'],
      ['http:///x', 'RFC 9110, 4.2.1'],
      ['http://other.example:99999/x', 'RFC 9110, 4.2.1'],
      ['http://[::1]/x'],
      ['http:/x', badTarget],
      ['http:x', badTarget],
      ['*', badTarget],
      ['other.example:80', badTarget],
      ['x', badTarget],
      ['?q', badTarget],
      ['', requestLine],
      [' /x', requestLine],
      ['/x ', requestLine],
      ['/a b', requestLine],
      ['/a\tb', requestLine],
      ['/a\x00b', badTarget],
      ['/\x7f', badTarget],
      ['/\xc3\xa9', badTarget],
      ['/\xff', badTarget],
      ['//other.example/x'],
      ['/..//../x'],
      [`/${'x'.repeat(7000)}`],
    ],
    setTarget,
  ),
  choice(
    'lead',
    [
      ['\r\n', lineEnds],
      ['\r\n\r\n', lineEnds],
      ['\n', lineEnds],
      [' ', requestLine],
      ['\t', requestLine],
      ['\x00', requestLine],
      ['\xef\xbb\xbf', requestLine],
      ['\x16\x03\x01\x02\x00\x01\x00', requestLine],
      ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', requestLine],
    ],
    (draft, text) => {
      draft.lead = text;
    },
  ),
  choice(
    'line end',
    [
      ['\n', lineEnds],
      ['\r', lineEnds],
      ['\r\r\n', lineEnds],
      [' \r\n', lineEnds],
      ['\n\r', lineEnds],
    ],
    (draft, text) => {
      draft.eol = text;
    },
  ),
  choice(
    'one line ends in',
    [
      ['\n', lineEnds],
      ['\r', lineEnds],
      ['\r\r\n', lineEnds],
    ],
    (draft, text) => {
      draft.damage = (whole) => whole.replace('\r\nX-Marked: m\r\n', `\r\nX-Marked: m${text}`);
      draft.fields.splice(1, 0, 'X-Marked: m');
    },
  ),
  choice(
    'host',
    [
      ['', badHost],
      ['Host:', badHost],
      [`Host: ${'h'.repeat(300)}`],
      ['Host: a b', badHost],
      ['Host: a/b', badHost],
      ['Host: a@b', badHost],
      ['Host: a,b', badHost],
      ['Host: a\x00b', badValue],
      ['Host: a?b', badHost],
      ['Host: a#b', badHost],
      ['Host: \xe9', badHost],
      ['Host: [::1]'],
      ['Host: [::1', badHost],
      ['Host: a:80'],
      ['Host: a:'],
      ['Host: a:x', badHost],
      ['Host: a:65536', badHost],
      ['Host: A.Example'],
      ['Host: x_y'],
      ['Host: 127.1'],
      ['Host: a..b'],
      ['Host: %41', badHost],
      ['Host: conformance.example\r\nHost: conformance.example', badHost],
      ['Host: conformance.example\r\nHost: other.example', badHost],
    ],
    (draft, text) => {
      withoutField(draft, 'host');
      if (text !== '') draft.fields.push(...text.split('\r\n'));
    },
  ),
  choice(
    'field line',
    [
      ['X-One : 1', badName],
      ['X-One\t: 1', badName],
      [' X-One: 1', 'RFC 9112, 5.2'],
      ['\tX-One: 1', 'RFC 9112, 5.2'],
      [': 1', badName],
      ['no colon', badName],
      ['X(Y: 1', badName],
      ['X Y: 1', badName],
      ['X\x00Y: 1', badName],
      ['X\xe9: 1', badName],
      ['"X": 1', badName],
      ['X-One: a\r\n b', 'RFC 9112, 5.2'],
      ['X-One: a\r\n\tb', 'RFC 9112, 5.2'],
      ['X-One: a\x00b', badValue],
      ['X-One: a\x01b', badValue],
      ['X-One: a\x08b', badValue],
      ['X-One: a\x0bb', badValue],
      ['X-One: a\x0cb', badValue],
      ['X-One: a\x1bb', badValue],
      ['X-One: a\x7fb', badValue],
      ['X-One: a\rb', lineEnds],
      ['X-One: a\tb'],
      ['X-One: \xff'],
      ['X-One: \xc3\xa9'],
      ['X-One:'],
      ['X-One:   \t '],
      [`X-One: ${'v'.repeat(7000)}`],
      [`${'X'.repeat(300)}: 1`],
      ['X-One: 1\r\nx-one: 2'],
      ['Cookie: a=1\r\nCookie: b=2'],
      ['Content-Type: a/b\r\nContent-Type: c/d'],
      ['Accept: a\r\nX: y\r\nAccept: b'],
      ['Set-Cookie: a=1\r\nSet-Cookie: b=2'],
      ['CoNtEnT-tYpE: text/odd'],
      ['Date: x\r\nDate: y'],
      ['__proto__: 1'],
      ['constructor: 1'],
    ],
    (draft, text, r) => addField(draft, text, r),
  ),
  choice(
    'content-length',
    [
      ['Content-Length: 5\r\nContent-Length: 5', badLength],
      ['Content-Length: 5\r\nContent-Length: 6', badLength],
      ['Content-Length: 5, 5', badLength],
      ['Content-Length: +5', badLength],
      ['Content-Length: -1', badLength],
      ['Content-Length: 05'],
      ['Content-Length: 0x5', badLength],
      ['Content-Length: 5.0', badLength],
      ['Content-Length: 5 5', badLength],
      ['Content-Length: 5;x', badLength],
      ['Content-Length: ', badLength],
      ['Content-Length: five', badLength],
      ['Content-Length: 18446744073709551621', badLength],
      ['Content-Length: 99999999999999999999', badLength],
      ['Content-Length: 4'],
      ['Content-Length: 0'],
      [''],
      ['content-LENGTH:5'],
      ['Content-Length: \t5\t'],
    ],
    frame('POST', 'hello'),
  ),
  choice(
    'a length without a body',
    [['Content-Length: 5'], ['Content-Length: 0'], ['Transfer-Encoding: chunked']],
    (draft, text) =>
      frame('GET', text.startsWith('T') ? chunk5 : text.endsWith('5') ? 'hello' : '')(draft, text),
  ),
  choice(
    'a longer length',
    [['closes', incomplete], ['resets'], ['', incomplete]],
    (draft, text) => {
      frame('POST', 'hello')(draft, 'Content-Length: 100000');
      draft.leaves = text || undefined;
    },
  ),
  choice(
    'transfer-encoding',
    [
      ['Transfer-Encoding: Chunked'],
      ['Transfer-Encoding:chunked'],
      ['Transfer-Encoding: \tchunked '],
      ['Transfer-Encoding: gzip, chunked', badEncoding],
      ['Transfer-Encoding: chunked, gzip', badEncoding],
      ['Transfer-Encoding: chunked, chunked', badEncoding],
      ['Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked', badEncoding],
      ['Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked', badEncoding],
      ['Transfer-Encoding: identity', badEncoding],
      ['Transfer-Encoding: identity\r\nContent-Length: 5', badEncoding],
      ['Transfer-Encoding: xchunked', badEncoding],
      ['Transfer-Encoding: chunked;q=1', badEncoding],
      ['Transfer-Encoding: "chunked"', badEncoding],
      ['Transfer-Encoding: \x0bchunked', badValue],
      ['Transfer-Encoding: ', badEncoding],
      ['Transfer-Encoding: chunked,', badEncoding],
      ['Transfer-Encoding: ,chunked', badEncoding],
      ['Transfer-Encoding\t: chunked', badName],
      ['Transfer-Encoding: chunked\r\nContent-Length: 5', badEncoding],
      ['Content-Length: 15\r\nTransfer-Encoding: chunked', badEncoding],
      ['Content-Length: 0\r\nTransfer-Encoding: chunked', badEncoding],
      ['Content-Length: x\r\nTransfer-Encoding: chunked', badLength],
      ['Transfer_Encoding: chunked'],
    ],
    frame('POST', chunk5),
  ),
  choice(
    'chunks',
    [
      ['5;ext=1\r\nhello\r\n0\r\n\r\n'],
      ['5;ext\r\nhello\r\n0;end\r\n\r\n'],
      ['5 ;ext\r\nhello\r\n0\r\n\r\n', 'RFC 9112, 7.1.1'],
      ['5;e="a\\"b;c"\r\nhello\r\n0\r\n\r\n'],
      ['5;e="a\r\nhello\r\n0\r\n\r\n', 'RFC 9112, 7.1.1'],
      ['5;\r\nhello\r\n0\r\n\r\n', 'RFC 9112, 7.1.1'],
      ['5;a=b\nhello\r\n0\r\n\r\n', 'RFC 9112, 7.1.1'],
      ['5;a\x00b\r\nhello\r\n0\r\n\r\n', 'RFC 9112, 7.1.1'],
      ['5 \r\nhello\r\n0\r\n\r\n', badChunk],
      [' 5\r\nhello\r\n0\r\n\r\n', badChunk],
      ['05\r\nhello\r\n0\r\n\r\n'],
      ['000000000000000000005\r\nhello\r\n0\r\n\r\n'],
      ['0x5\r\nhello\r\n0\r\n\r\n', badChunk],
      ['+5\r\nhello\r\n0\r\n\r\n', badChunk],
      ['-5\r\nhello\r\n0\r\n\r\n', badChunk],
      ['5\nhello\r\n0\r\n\r\n', badChunk],
      ['5\r\nhello\n0\r\n\r\n', badChunk],
      ['5\r\nhello0\r\n\r\n', badChunk],
      ['5\r\nhelloX\r\n0\r\n\r\n', badChunk],
      ['5\r\nhell\r\n0\r\n\r\n', badChunk],
      ['\r\nhello\r\n0\r\n\r\n', badChunk],
      ['g\r\nhello\r\n0\r\n\r\n', badChunk],
      ['5,5\r\nhello\r\n0\r\n\r\n', badChunk],
      ['ffffffffffffffff\r\nhello\r\n0\r\n\r\n', 'RFC 9110, 15.5.14'],
      ['10000000000000005\r\nhello\r\n0\r\n\r\n', badChunk],
      ['7fffffffffffffff\r\nhello\r\n0\r\n\r\n', 'RFC 9110, 15.5.14'],
      ['5\r\nhello\r\n00\r\n\r\n'],
      ['5\r\nhello\r\n000000\r\n\r\n'],
      ['A\r\nhellohello\r\na\r\nhellohello\r\n0\r\n\r\n'],
      ['5\r\nhello\r\n0\r\n\n', badChunk],
      ['5\r\nhello\r\n0\n\r\n', badChunk],
      ['5\r\nhello\r\n0\r\nX-T: 1\r\n\r\n'],
      ['5\r\nhello\r\n0\r\nX-T: 1\r\nX-U: 2\r\n\r\n'],
      ['5\r\nhello\r\n0\r\nContent-Length: 5\r\n\r\n', 'RFC 9110, 6.5.1'],
      ['5\r\nhello\r\n0\r\nHost: other.example\r\n\r\n', 'RFC 9110, 6.5.1'],
      ['5\r\nhello\r\n0\r\nX T: 1\r\n\r\n', badName],
      ['5\r\nhello\r\n0\r\nX-T: 1\r\n 2\r\n\r\n', 'served: RFC 9112, 7.1.2'],
      ['5\r\nhello\r\n0\r\nno colon\r\n\r\n', badName],
    ],
    (draft, text) => frame('POST', text)(draft, 'Transfer-Encoding: chunked'),
  ),
  choice(
    'expect',
    [
      ['Expect: 100-continue'],
      ['Expect: 100-Continue'],
      ['Expect: other', 'RFC 9110, 10.1.1'],
      ['Expect: 100-continue, other', 'RFC 9110, 10.1.1'],
      ['Expect: ', 'RFC 9110, 10.1.1'],
      ['Expect: 100-continue\r\nExpect: 100-continue'],
    ],
    (draft, text, r) => addField(draft, text, r),
  ),
  choice(
    'upgrade',
    [
      ['Upgrade: websocket'],
      ['Connection: upgrade'],
      ['Connection: Upgrade\r\nUpgrade: websocket'],
      ['Connection: Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA'],
      ['Connection: Upgrade\r\nUpgrade: nonsense'],
      [
        'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 12\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      ],
      [
        'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: short',
      ],
    ],
    (draft, text, r) => addField(draft, text, r),
  ),
  choice(
    'connection',
    [
      ['Connection: close'],
      ['Connection: Close'],
      ['Connection: keep-alive'],
      ['Connection: close, keep-alive'],
      ['Connection: keep-alive, close'],
      ['Connection: keep-alive\r\nConnection: close'],
      ['Connection: , close'],
      ['Connection: close,'],
      ['Connection: X-Given-0'],
      ['Connection: Host, close'],
      ['Connection: closed'],
      ['Connection: "close"', 'RFC 9110, 7.6.1'],
      ['Connection: @ bad', 'RFC 9110, 7.6.1'],
      ['Connection: close; x', 'RFC 9110, 7.6.1'],
      ['Proxy-Connection: close'],
      ['Proxy-Connection: keep-alive'],
      ['Proxy-Connection: @ bad, "x'],
      ['Proxy-Connection: '],
      ['Keep-Alive: timeout=5'],
      ['TE: trailers, deflate;q=0.5'],
      ['Trailer: X-T'],
      ['Via: 1.1 x'],
      ['Max-Forwards: 0'],
    ],
    (draft, text, r) => addField(draft, text, r),
  ),
  choice(
    'HTTP/1.0',
    [
      ['Connection: keep-alive'],
      ['Connection: close'],
      ['X: y'],
      ['no host', 'served: RFC 9112, 3.3'],
      ['Expect: 100-continue'],
    ],
    (draft, text, r) => {
      draft.version = 'HTTP/1.0';
      draft.method = 'GET';
      frame('GET', '')(draft, '');
      if (text === 'no host') withoutField(draft, 'host');
      else addField(draft, text, r);
    },
  ),
  {
    name: 'fields in another order and case',
    apply(draft, r) {
      draft.fields = draft.fields
        .map((field) =>
          r.chance(50) ? field.replace(/^[^:]*/, (name) => name.toUpperCase()) : field,
        )
        .sort(() => r.below(3) - 1);
    },
  },
  {
    name: 'cut',
    apply(draft, r) {
      const at = r.below(1000) / 1000;
      draft.leaves = r.pick(['closes', 'resets']);
      draft.damage = (text) => text.slice(0, Math.floor(text.length * at));
      return { name: `at ${at}, ${draft.leaves}`, refusal: incomplete };
    },
  },
  {
    name: 'one byte more',
    apply(draft, r) {
      const byte = r.pick([
        '\x00',
        '\r',
        '\n',
        ' ',
        ':',
        'x',
        '\xff',
        '\x7f',
        '\x01',
        '\t',
        ';',
        ',',
      ]);
      const at = r.below(1000) / 1000;
      draft.damage = (text) => {
        const head = text.indexOf('\r\n\r\n') + 4;
        const i = Math.floor(head * at);
        return text.slice(0, i) + byte + text.slice(i);
      };
      return { name: `${JSON.stringify(byte)} at ${at}`, refusal: 'RFC 9112, 2.2' };
    },
  },
];
