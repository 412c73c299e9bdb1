// Text and bytes in an order that a seed determines: decoders of every encoding, whole and in parts, encoders, base64, patterns of URLs,
// compressed streams.
import { Random } from '../random.js';
import { Step, brief, run } from './steps.js';

const steps = 40;
/** Of one byte a character, or Unicode; what others make of wrong bytes is ICU's in Node, as is what a few have at unused places. */
const singleBytes = [
  ...['latin1', 'ascii', 'us-ascii', 'iso-8859-1', 'iso-8859-2', 'iso-8859-4', 'iso-8859-5'],
  ...['iso-8859-10', 'iso-8859-13', 'iso-8859-14', 'iso-8859-15', 'iso-8859-16', 'koi8-r'],
  ...['macintosh', 'windows-1250', 'windows-1251', 'windows-1252', 'windows-1254', 'windows-1256'],
  ...['x-mac-cyrillic', 'x-user-defined', 'l1', 'cp1252', ' Latin1 '],
];
const unicode = [
  'utf-8',
  'UTF8',
  ' utf-8 ',
  'unicode-1-1-utf-8',
  'utf-16le',
  'utf-16',
  'utf-16be',
  'csunicode',
];
const labels = [...singleBytes, ...unicode];
const wide = [
  ['gbk', [0xc4, 0xe3]],
  ['gb2312', [0xc4, 0xe3, 0x61]],
  ['gb18030', [0x81, 0x30, 0x81, 0x30]],
  ['big5', [0xa4, 0xa4]],
  ['euc-jp', [0xc6, 0xfc]],
  ['iso-2022-jp', [0x1b, 0x24, 0x42, 0x46, 0x7c, 0x1b, 0x28, 0x42]],
  ['shift_jis', [0x93, 0xfa, 0x96, 0x7b]],
  ['sjis', [0x83, 0x5c]],
  ['euc-kr', [0xc7, 0xd1]],
  ['iso-8859-3', [0xa1]],
  ['iso-8859-6', [0xc7]],
  ['iso-8859-7', [0xe1]],
  ['iso-8859-8-i', [0xe0]],
  ['koi8-u', [0xc1]],
  ['windows-874', [0xa1]],
  ['windows-1253', [0xe1]],
  ['windows-1255', [0xe0]],
  ['windows-1257', [0xe0]],
  ['windows-1258', [0xe0]],
];
const oddLabels = [
  'replacement',
  'utf-7',
  'iso-2022-kr',
  '',
  'x',
  'utf-8\0',
  5,
  null,
  undefined,
  'utf-32',
];
const samples = [
  [],
  [0x61],
  [0xef, 0xbb, 0xbf, 0x61],
  [0xff, 0xfe, 0x61, 0x00],
  [0xfe, 0xff, 0x00, 0x61],
  [0xc3, 0xa9],
  [0xc3],
  [0xe2, 0x82],
  [0xe2, 0x82, 0xac],
  [0xf0, 0x9f, 0x98, 0x80],
  [0xf0, 0x9f, 0x98],
  [0xed, 0xa0, 0x80],
  [0xc0, 0x80],
  [0xff],
  [0x93, 0xfa, 0x96, 0x7b],
  [0x81, 0x30, 0x81, 0x30],
  [0xa4, 0xa4],
  [0x8e, 0xb1],
  [0x1b, 0x24, 0x42, 0x46, 0x7c, 0x1b, 0x28, 0x42],
  [0x3d, 0xd8, 0x00, 0xde],
  [0x3d, 0xd8],
  [0x61, 0x00, 0x62],
  [0x80, 0x9f, 0xa0, 0xff],
  [0x81, 0xff],
];
const texts = [
  '',
  'abc',
  'é',
  '€',
  '😀',
  '\ud800',
  'a\udc00b',
  '\0',
  '\u00ff',
  '\u0100',
  'ü'.repeat(9),
];
const base64s = [
  '',
  'YQ==',
  'YQ',
  'YWI=',
  'Y Q = =',
  'YQ=',
  'Y',
  '====',
  'YWJj',
  'YWJj\n',
  'é',
  'Y-_/',
  'YR==',
  null,
  5,
  undefined,
];
const patterns = [
  { pathname: '/a/:id' },
  { pathname: '/:a/:b?' },
  { pathname: '/*' },
  { pathname: '/x/:n(\\d+)' },
  { hostname: '*.x.com' },
  { hostname: '{sub.}?x.com', pathname: '/a{/:rest}*' },
  { protocol: 'http{s}?', search: 'q=*' },
  'https://x.com/a/:b',
  'http://:host.com/*?q=:q',
  { pathname: '/(a' },
  { pathname: '/:a/:a' },
  {},
  '/relative',
];
const inputs = [
  'https://x.com/a/5',
  'http://sub.x.com/a/b/c?q=1',
  'https://sub.x.com/x/12#h',
  { pathname: '/a/%41' },
  { pathname: '/a/é' },
  { hostname: 'y.x.com' },
  undefined,
];
const views = [
  (bytes) => bytes,
  (bytes) => bytes.buffer,
  (bytes) => new DataView(bytes.buffer),
  (bytes) => new Uint8Array([9, ...bytes, 9]).subarray(1, bytes.length + 1),
];
const codePoints = (text) =>
  JSON.stringify(text).replace(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`);

class Texts {
  log = [];
  #r;
  #decoders = [new TextDecoder(), new TextDecoder('utf-16le')];

  constructor(seed) {
    this.#r = new Random(seed);
  }

  async run() {
    for (let i = 0; i < steps; i++) this.log.push(await run(this.#any()));
  }

  #label() {
    return this.#r.chance(90) ? this.#r.pick(labels) : this.#r.pick(oddLabels);
  }

  #bytes() {
    const all = this.#r.list(3, () => this.#r.pick(samples)).flat();
    return this.#r.chance(30) ? all.concat(this.#r.below(256), this.#r.below(256)) : all;
  }

  #options() {
    return {
      ...(this.#r.chance(40) ? { fatal: this.#r.pick([true, false, 1]) } : {}),
      ...(this.#r.chance(30) ? { ignoreBOM: true } : {}),
    };
  }

  #decoder() {
    const r = this.#r;
    const i = r.below(2);
    if (r.chance(40)) {
      const args = [this.#label(), this.#options()];
      return new Step(
        `decoder ${i} ${brief(args)}`,
        () => {
          this.#decoders[i] = new TextDecoder(...args);
          const { encoding, fatal, ignoreBOM } = this.#decoders[i];
          return [encoding, fatal, ignoreBOM];
        },
        'name',
      );
    }
    const [bytes, view] = [this.#bytes(), r.pick(views)];
    const stream = r.chance(50) ? [{ stream: r.chance(70) }] : [];
    return new Step(
      `decode ${i} ${bytes} ${brief(stream)}`,
      () => codePoints(this.#decoders[i].decode(view(new Uint8Array(bytes)), ...stream)),
      'name',
    );
  }

  #all() {
    if (this.#r.chance(60)) {
      const [label, bytes] = this.#r.pick(wide);
      return new Step(`${label} of ${bytes}, byte by byte`, () => {
        const decoder = new TextDecoder(label);
        const parts = bytes.map((byte) => decoder.decode(new Uint8Array([byte]), { stream: true }));
        return [decoder.encoding, codePoints(parts.join('') + decoder.decode())];
      });
    }
    const label = this.#r.pick(singleBytes);
    return new Step(`${label} of all bytes`, () =>
      codePoints(new TextDecoder(label).decode(new Uint8Array(256).map((_, i) => i))),
    );
  }

  #once() {
    const [label, bytes, options] = [this.#label(), this.#bytes(), this.#options()];
    return new Step(
      `${label} ${brief([options])} of ${bytes}`,
      () => codePoints(new TextDecoder(label, options).decode(new Uint8Array(bytes))),
      'name',
    );
  }

  #encode() {
    const r = this.#r;
    const text = r.pick(texts);
    const length = r.pick([0, 1, 2, 3, 4, 10]);
    const buffer = r.pick([
      () => new Uint8Array(length),
      () => new Uint8Array(new ArrayBuffer(12), 2, length),
      () => new Uint16Array(2),
    ]);
    return r.pick([
      new Step(`encode ${brief([text])}`, () => new TextEncoder().encode(text)),
      new Step(
        `encodeInto ${brief([text])} ${length}`,
        () => {
          const into = buffer();
          const { read, written } = new TextEncoder().encodeInto(text, into);
          return [read, written, into];
        },
        'name',
      ),
    ]);
  }

  #base64() {
    const r = this.#r;
    const text = r.pick(base64s);
    const plain = r.pick([...texts, null, undefined, 5]);
    return r.pick([
      new Step(`atob ${brief([text])}`, () => codePoints(atob(text)), 'name'),
      new Step(`btoa ${brief([plain])}`, () => btoa(plain), 'name'),
    ]);
  }

  #pattern() {
    const r = this.#r;
    const [pattern, input] = [r.pick(patterns), r.pick(inputs)];
    const base = r.pick([undefined, undefined, 'https://x.com/base/']);
    const options = r.pick([undefined, undefined, { ignoreCase: true }]);
    const args = [
      pattern,
      ...(base && typeof pattern === 'string' ? [base] : []),
      ...(options ? [options] : []),
    ];
    return new Step(
      `pattern ${brief([...args, input])}`,
      () => {
        const one = new URLPattern(...args);
        const parts = { ...one.exec(input), inputs: {} };
        const groups = Object.keys(parts)
          .sort()
          .map((name) => Object.entries(parts[name].groups ?? {}).sort());
        return [
          one.pathname,
          one.hostname,
          one.protocol,
          one.search,
          one.test(input),
          JSON.stringify(groups),
        ];
      },
      'name',
    );
  }

  #streams() {
    const r = this.#r;
    const parts = r.list(3, () => new Uint8Array(this.#bytes()));
    const [label, options] = [this.#label(), this.#options()];
    const given = r.chance(50) ? [] : [options];
    const format = r.pick(['gzip', 'deflate', 'deflate-raw', 'deflate-raw', 'x', undefined]);
    const damage = r.pick(['', '', 'cut', 'flip']);
    const through = (stream) => ReadableStream.from(parts).pipeThrough(stream);
    return r.pick([
      new Step(
        `decoder stream ${label} ${brief(given)} of ${parts.join(' ')}`,
        async () =>
          codePoints(
            (await Array.fromAsync(through(new TextDecoderStream(label, ...given)))).join(''),
          ),
        'name',
      ),
      new Step(
        `compression ${format} ${damage} of ${parts.join(' ')}`,
        async () => {
          const packed = await new Response(through(new CompressionStream(format))).bytes();
          const stream = new DecompressionStream(format);
          const unpacked = new Response(damaged(packed, damage)).body.pipeThrough(stream);
          return new Response(unpacked).bytes().catch(() => 'an error');
        },
        'name',
      ),
      new Step(`encoder stream of ${brief([texts[parts.length]])}`, async () =>
        new Response(
          ReadableStream.from([...texts[parts.length], 'x']).pipeThrough(new TextEncoderStream()),
        ).bytes(),
      ),
    ]);
  }

  #any() {
    return this.#r.weighted([
      [6, () => this.#decoder()],
      [5, () => this.#once()],
      [2, () => this.#all()],
      [3, () => this.#encode()],
      [3, () => this.#base64()],
      [3, () => this.#pattern()],
      [4, () => this.#streams()],
    ])();
  }
}

function damaged(bytes, how) {
  if (how === 'cut') return bytes.subarray(0, -1);
  if (how === 'flip') return bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 255 : byte));
  return bytes;
}

export default {
  async fetch(request) {
    const texts = new Texts(Number(new URL(request.url).pathname.slice(1)));
    await texts.run();
    return new Response(texts.log.join('\n'));
  },
};
