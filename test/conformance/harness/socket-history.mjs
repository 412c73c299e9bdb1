// Histories of sockets of one object, as a seed determines them: frames right and wrong, commands, ends, and pauses in which the object
// is evicted.
import { Random } from '../programs/random.js';

/** Long enough for what a step sets off, on both runtimes. */
export const settledMs = 250;

const texts = ['text', 'é\u0000', '', 'ping', 'x'.repeat(125), 'x'.repeat(126), 'x'.repeat(70_000)];
const utf8 = (text) => Buffer.from(text, 'utf8').toString('latin1');

/** @param {number} code @param {string} [reason] */
const closeFrame = (code, reason = '') => ({
  opcode: 8,
  payload: String.fromCharCode(code >> 8, code & 255) + utf8(reason),
});

const goodCodes = [
  1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4000, 4999,
];

/** Frames that RFC 6455 forbids, with the clause. @type {[string, import('./raw-socket.mjs').Frame[], string][]} */
const wrongs = [
  ['not masked', [{ opcode: 1, payload: 'x', masked: false }], '5.1'],
  ['RSV1', [{ opcode: 1, payload: 'x', rsv: 4 }], '5.2'],
  ['RSV3', [{ opcode: 2, payload: 'x', rsv: 1 }], '5.2'],
  ['opcode 3', [{ opcode: 3, payload: 'x' }], '5.2'],
  ['opcode 11', [{ opcode: 11 }], '5.2'],
  ['a ping in fragments', [{ opcode: 9, fin: false }], '5.4'],
  ['a long ping', [{ opcode: 9, payload: 'x'.repeat(126) }], '5.5'],
  ['a long close', [closeFrame(1000, 'x'.repeat(124))], '5.5'],
  ['continues nothing', [{ opcode: 0, payload: 'x' }], '5.4'],
  [
    'a text within a text',
    [
      { opcode: 1, payload: 'x', fin: false },
      { opcode: 1, payload: 'y' },
    ],
    '5.4',
  ],
  ['a length too long', [{ opcode: 1, payload: 'x', lengthBits: 16 }], '5.2'],
  ['a length far too long', [{ opcode: 1, payload: 'x', lengthBits: 64 }], '5.2'],
  ['a negative length', [{ opcode: 1, lengthBits: 64, lengthBytes: '\xff'.repeat(8) }], '5.2'],
  ['33 MiB', [{ opcode: 2, lengthBits: 64, lengthBytes: '\0\0\0\0\x02\x10\0\0' }], '10.4'],
  ['no UTF-8', [{ opcode: 1, payload: 'a\xff' }], '8.1'],
  ['half of a character', [{ opcode: 1, payload: 'a\xc3' }], '8.1'],
  ['a surrogate', [{ opcode: 1, payload: '\xed\xa0\x80' }], '8.1'],
  [
    'no UTF-8 in fragments',
    [
      { opcode: 1, payload: 'a\xc3', fin: false },
      { opcode: 0, payload: 'b' },
    ],
    '8.1',
  ],
  ['a close of one byte', [{ opcode: 8, payload: '\x03' }], '5.5.1'],
  ['a close whose reason is no UTF-8', [{ opcode: 8, payload: '\x03\xe8\xff' }], '5.5.1'],
  ...[0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535].map((code) => [
    `close ${code}`,
    [closeFrame(code, 'odd')],
    '7.4',
  ]),
];

const commands = [
  (r) => ['send', r.pick(['answer', '', 'é', 'y'.repeat(70_000)])],
  (r) => ['bytes', r.pick([[], [0, 255], [7]])],
  (r) => ['all', ...r.pick([[], ['t'], ['none']])],
  (r) => ['list', ...r.pick([[], ['t'], ['u'], ['none']])],
  () => ['tags'],
  (r) => ['attach', r.pick(['m', 0, null, [1, { a: 'b' }]])],
  () => ['attachment'],
  (r) => ['auto', ...r.pick([[], ['ping', 'pong'], ['text', 'auto'], ['', 'empty']])],
  () => ['auto?'],
  () => ['stamp'],
  () => ['state'],
  () => ['throw'],
];

/** @returns {{does: string, frames?: import('./raw-socket.mjs').Frame[], clause?: string}} */
function step(r) {
  return r.weighted([
    [4, () => ({ does: 'text', frames: [{ opcode: 1, payload: utf8(r.pick(texts)) }] })],
    [
      2,
      () => ({
        does: 'binary',
        frames: [{ opcode: 2, payload: r.pick(['', '\0\xff', 'x'.repeat(300)]) }],
      }),
    ],
    [
      2,
      () => ({
        does: 'ping',
        frames: [{ opcode: 9, payload: r.pick(['', 'p', 'x'.repeat(125)]) }],
      }),
    ],
    [1, () => ({ does: 'pong', frames: [{ opcode: 10, payload: r.pick(['', 'p']) }] })],
    [3, () => ({ does: 'fragments', frames: fragments(r) })],
    [9, () => telling([r.pick(commands)(r), ...r.list(2, () => r.pick(commands)(r))])],
  ])();
}

/** How a socket is left, by the client or because of it. @returns {ReturnType<typeof step>} */
function ending(r) {
  return r.weighted([
    [
      5,
      () => {
        const frame = r.chance(25)
          ? { opcode: 8 }
          : closeFrame(r.pick(goodCodes), r.pick(['', 'bye', 'é']));
        const after = r.chance(30) ? [{ opcode: 1, payload: 'after the close' }] : [];
        return { does: 'close', frames: [frame, ...after] };
      },
    ],
    [
      4,
      () => {
        const [does, frames, section] = r.pick(wrongs);
        return { does, frames, clause: `RFC 6455, ${section}` };
      },
    ],
    [2, () => ({ does: r.pick(['resets', 'finishes', 'half a frame']) })],
    [
      3,
      () => ({
        ...telling([
          [
            'close',
            ...r.pick([[], [1000, 'done'], [4001, 'why'], [3000], [1005], [1006, 'x'], [2999]]),
          ],
          ...r.list(2, () => r.pick(commands)(r)),
        ]),
        answers: r.pick([[{ opcode: 8 }], [closeFrame(1000, 'answered')]]),
      }),
    ],
  ])();
}

function telling(steps) {
  const told = JSON.stringify(steps);
  return { does: `tells ${told}`, frames: [{ opcode: 1, payload: utf8(`!${told}`) }] };
}

function fragments(r) {
  const opcode = r.pick([1, 2]);
  const parts = ['a', '\xc3', '\xa9', '', 'z'].slice(0, r.pick([1, 3, 4, 5]));
  // One at most: of several that come while it still sends, workerd answers the last.
  const pingAt = r.below(10);
  return parts.flatMap((payload, i) => [
    { opcode: i === 0 ? opcode : 0, payload, fin: i === parts.length - 1 },
    ...(i === pingAt ? [{ opcode: 9, payload: `within ${i}` }] : []),
  ]);
}

/**
 * @typedef {{socket: number, step: ReturnType<typeof step>}} Deed
 *
 * @param {number} seed
 * @returns {{sockets: object[], phases: Deed[][], wrongs: Map<string, string>}} the object is evicted between phases; each socket ends at most once
 */
export function socketHistory(seed) {
  const r = new Random(seed);
  const sockets = Array.from({ length: 1 + r.below(3) }, (_, i) => ({
    name: `s${i}`,
    kind: r.chance(85) ? 'hibernatable' : 'standard',
    tags: r.pick([[], ['t'], ['u', 't'], ['u']]),
    closes: r.pick([undefined, undefined, [1000, 'as told'], [4002], [], 'throws']),
  }));
  const ended = new Set();
  const deed = () => {
    const socket = r.below(sockets.length);
    if (ended.has(socket)) return [];
    if (r.chance(85)) return [{ socket, step: step(r) }];
    ended.add(socket);
    return [{ socket, step: ending(r) }];
  };
  const phases = Array.from({ length: 3 }, () =>
    Array.from({ length: 2 + r.below(5) }, deed).flat(),
  );
  const wrongs = new Map();
  for (const { socket, step: did } of phases.flat()) {
    if (did.clause) wrongs.set(sockets[socket].name, did.clause);
  }
  return { sockets, phases, wrongs };
}
