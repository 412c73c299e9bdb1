// Messages of a seed, sound ones and others, and what a handler does with them.
import { Random } from './random.js';

const addresses = ['ann@a.test', 'bob@b.test', 'carl@c.test', 'o.k+x@sub.d.test', "it's@a.test"];
const domains = [
  'a.test',
  'B.Test',
  'x_y.test',
  '[10.0.0.1]',
  'grüße.test',
  'a.test.',
  '-a.test',
  '',
];
const words = [
  'hello',
  'Re:',
  'a',
  'Grüße',
  '=?utf-8?Q?Gr=C3=BC=C3=9Fe?=',
  '=?UTF-8?B?w6Q=?=',
  ';',
  '"x"',
];

/** Words that look encoded are not encoded again by miniflare. */
const plainWords = words.filter((word) => !word.startsWith('=?'));
const anySenders = [...addresses, ...domains.map((domain) => `a@${domain}`)];

/** @param {Random} random @param {string} address */
const named = (random, address) =>
  random.weighted([
    [6, address],
    [2, `Ann <${address}>`],
    [2, `"Ann, B." <${address}>`],
    [1, `<${address}>`],
    [1, `${address} (a comment)`],
    [1, `=?utf-8?Q?=C3=84nn?= <${address}>`],
  ]);

/** @param {Random} random @param {string[]} [from] */
const text = (random, from = words) =>
  [random.pick(from), ...random.list(4, () => random.pick(from))].join(' ');

/** One space each, as parsers differ in what they make of more. @param {Random} random @param {string} value */
const folded = (random, value) => (random.chance(20) ? value.replaceAll(' ', '\r\n ') : value);

/** @param {Random} random @param {string} name */
const cased = (random, name) =>
  random.weighted([
    [6, name],
    [1, name.toLowerCase()],
    [1, name.toUpperCase()],
  ]);

/**
 * @param {Random} random
 * @param {Record<string, string | undefined>} usual fields that a sound one has
 * @param {'sound' | 'from' | 'any'} kind from: with a sender, as miniflare fails without one where it sends; sound: also, every line is a field, as it
 *   fails without where messages come
 * @returns {string}
 */
function message(random, usual, kind) {
  const fields = Object.entries(usual).filter(([, value]) => value !== undefined);
  const more = [
    ...random.list(2, () => ['X-Thing', text(random)]),
    ...(random.chance(20) ? [['Bcc', folded(random, 'carl@c.test, dora@d.test')]] : []),
    ...(random.chance(10) ? [['Cc', named(random, random.pick(addresses))]] : []),
    ...(random.chance(10) ? [['Reply-To', named(random, random.pick(addresses))]] : []),
    ...(random.chance(8) ? [['Received', 'from x by y']] : []),
    ...(random.chance(8) ? [['Auto-Submitted', random.pick(['no', 'auto-replied', 'No'])]] : []),
    ...(random.chance(8) ? [['X-Auto-Response-Suppress', random.pick(['none', 'All'])]] : []),
    ...(random.chance(8)
      ? [['Date', random.pick(['Thu, 1 Jan 1970 00:00:00 +0000', 'soon'])]]
      : []),
  ];
  const lines = [...fields, ...more]
    .filter(([name]) => !random.chance(3) || (kind !== 'any' && name === 'From'))
    .sort(() => random.below(3) - 1)
    .map(([name, value]) => `${cased(random, name)}:${random.chance(90) ? ' ' : ''}${value}`);
  const isSound = kind === 'sound';
  if (!isSound && random.chance(3)) lines.splice(random.below(lines.length + 1), 0, 'no field');
  if (!isSound && random.chance(2)) lines.unshift(' a continuation');
  const end = random.chance(96) ? ['', text(random), ''] : random.chance(50) ? [''] : [];
  const whole = [...lines, ...end].join('\r\n');
  return random.chance(20) ? whole.replaceAll('\r\n', '\n') : whole;
}

/** @param {Random} random @param {string} id of the original @param {'from' | 'any'} kind */
function reply(random, id, kind) {
  const from = random.pick(addresses);
  const references = random.weighted([
    [6, undefined],
    [2, id],
    [2, `<zero@a.test> ${id}`],
    [1, '<other@a.test>'],
  ]);
  const raw = message(
    random,
    {
      From: named(random, random.chance(90) ? from : random.pick(addresses)),
      To: 'ann@a.test',
      Subject: folded(random, text(random)),
      'In-Reply-To': random.chance(85) ? id : random.pick(['<none@a.test>', undefined]),
      References: references,
      'Message-ID': random.pick(['<r@b.test>', '<r@b.test>', undefined, '']),
    },
    kind,
  );
  return { do: 'reply', from, raw };
}

/** @param {Random} random @param {string[]} senders */
function builder(random, senders) {
  return {
    from: random.weighted([
      [4, random.pick(senders)],
      [2, { name: random.pick(['Bob', 'Bob "x"', 'Ä']), email: random.pick(addresses) }],
    ]),
    subject: random.weighted([
      [8, text(random, plainWords)],
      [1, 'a\r\nX: b'],
    ]),
    ...(random.chance(70) ? { text: text(random) } : {}),
    ...(random.chance(40) ? { html: `<b>${text(random)}</b>` } : {}),
    ...(random.chance(20) ? { replyTo: random.pick(addresses) } : {}),
    ...(random.chance(20)
      ? { headers: { [random.pick(['X-One', 'Received', 'Subject', 'X Y', 'References'])]: 'one' } }
      : {}),
    ...(random.chance(20)
      ? {
          attachments: [
            {
              filename: random.pick(['a.txt', 'b', 'ä.bin']),
              type: random.pick(['text/plain', 'image/png', 'text']),
              disposition: random.pick(['attachment', 'attachment', 'inline']),
              content: random.pick(['QUJD', 'QQ==', 'no base64']),
            },
          ],
        }
      : {}),
  };
}

/** @param {Random} random @param {string} id of the original */
function step(random, id) {
  return random.weighted([
    [2, () => ({ do: 'reject', reason: text(random) })],
    [
      2,
      () => ({
        do: 'forward',
        to: `x@${random.pick(domains)}`,
        headers: random.chance(50) ? { 'X-A': text(random).replace(/[^ -~]/g, '') } : undefined,
      }),
    ],
    [6, () => reply(random, id, 'any')],
    [4, () => ({ do: 'build', fields: builder(random, addresses) })],
    [3, () => ({ ...reply(random, id, 'from'), do: 'send', to: random.pick(addresses) })],
    [
      2,
      () => ({
        do: 'fields',
        fields: { ...builder(random, anySenders), to: random.pick(addresses) },
      }),
    ],
    [1, () => ({ do: 'throw', text: text(random) })],
  ])();
}

/**
 * @param {number} seed
 * @returns {{raw: Buffer, from: string, to: string}[]}
 */
export function mails(seed) {
  const random = new Random(seed);
  return Array.from({ length: 6 }, () => {
    const from = random.pick(addresses);
    const id = random.pick(['<one@a.test>', '<one@a.test>', '<two.x@b.test>']);
    const inReplyTo = random.weighted([
      [6, undefined],
      [2, '<zero@a.test>'],
    ]);
    const hasReferences = random.chance(80) ? inReplyTo !== undefined : random.chance(50);
    const raw = message(
      random,
      {
        From: named(random, random.chance(90) ? from : random.pick(addresses)),
        To: [1, ...random.list(2, () => 1)]
          .map(() => named(random, random.pick(addresses)))
          .join(', '),
        Subject: folded(random, text(random)),
        'Message-ID': random.chance(97) ? id : '',
        'In-Reply-To': inReplyTo,
        References: hasReferences ? folded(random, '<minus@a.test> <zero@a.test>') : undefined,
      },
      'sound',
    );
    const plan = [step(random, id), ...random.list(2, () => step(random, id))];
    const json = JSON.stringify(plan).replace(
      /[^ -~]/g,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
    return { raw: Buffer.from(raw), from, to: `${btoa(json)}@b.test` };
  });
}
