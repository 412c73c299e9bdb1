// legacyEncoder: text to bytes of the encodings that were before UTF-8 (Encoding Standard, 9 to 13), which `TextEncoder` does not have.
//
// An encoder is its decoder read backwards: every sequence of bytes is decoded once, when the encoding is first used, and the first
// one that gives a character stands for it. Where the standard has it otherwise, it says so below.
'use strict';

const { TextDecoder } = require('../streams/text-decoder.js');

const LEAD_FIRST = 0x81;
const LEAD_LAST = 0xfe;
const TRAIL_FIRST = 0x40;
/** Bytes of a character that no encoder of its encoding writes. @type {Record<string, (lead: number) => boolean>} */
const unwritten = {
  big5: (lead) => lead < 0xa1,
  shift_jis: (lead) => lead >= 0xed && lead <= 0xef,
};
/** Characters that big5 has twice, and of which the later bytes count. */
const BIG5_LAST = new Set('═╞╡╪十卅');
/** As bytes of both Japanese encodings. @type {[string, string][]} */
const JAPANESE = [
  ['¥', '\\'],
  ['‾', '~'],
];
const MULTIBYTE = new Set(['big5', 'euc-jp', 'euc-kr', 'gb18030', 'gbk', 'shift_jis']);

const GB18030_BMP_COUNT = 39_420;
const GB18030_ABOVE_BMP = 189_000;

/** @typedef {Map<string, string>} Table from a character to its bytes, each as the character of its number */

/** @type {Map<string, Table>} */
const tables = new Map();

/**
 * @param {string} encoding
 * @param {string[]} sequences of bytes
 * @param {(character: string, bytes: string) => void} visit those that are one character
 */
function decodeEach(encoding, sequences, visit) {
  // A line feed is never part of a character.
  /** @type {string} */
  const text = new TextDecoder(encoding).decode(Buffer.from(sequences.join('\n'), 'latin1'));
  text.split('\n').forEach((decoded, i) => {
    if ([...decoded].length === 1 && decoded !== '\ufffd') visit(decoded, sequences[i]);
  });
}

/** @param {string} encoding @returns {Table} */
function makeTable(encoding) {
  /** @type {Table} */
  const table = new Map();
  if (encoding === 'euc-jp' || encoding === 'shift_jis')
    for (const [character, bytes] of JAPANESE) table.set(character, bytes);
  /** @param {string} character @param {string} bytes */
  const add = (character, bytes) => {
    const isLater = encoding === 'big5' && BIG5_LAST.has(character);
    if (isLater || !table.has(character)) table.set(character, bytes);
  };
  if (encoding !== 'gb18030') decodeEach(encoding, bytesFrom(0x80), add);
  if (!MULTIBYTE.has(encoding)) return table;
  const isUnwritten = unwritten[encoding] ?? (() => false);
  for (let lead = LEAD_FIRST; lead <= LEAD_LAST; lead += 1) {
    if (isUnwritten(lead)) continue;
    const first = String.fromCharCode(lead);
    decodeEach(
      encoding,
      bytesFrom(TRAIL_FIRST).map((trail) => first + trail),
      add,
    );
  }
  if (encoding === 'gb18030') {
    const sequences = Array.from({ length: GB18030_BMP_COUNT }, (_, index) => fourBytes(index));
    decodeEach(encoding, sequences, add);
  }
  return table;
}

/** @param {number} first @returns {string[]} each byte from there on */
const bytesFrom = (first) =>
  Array.from({ length: 0x100 - first }, (_, i) => String.fromCharCode(first + i));

/** @param {number} index of gb18030's characters of four bytes */
const fourBytes = (index) =>
  String.fromCharCode(
    0x81 + Math.floor(index / 12_600),
    0x30 + (Math.floor(index / 1_260) % 10),
    0x81 + (Math.floor(index / 10) % 126),
    0x30 + (index % 10),
  );

/**
 * @param {string} encoding as `TextDecoder` names it; one in which ASCII is itself
 * @returns {(character: string) => string | undefined} the bytes of a character, each as the character of its number; undefined: the
 *   encoding does not have it
 */
function legacyEncoder(encoding) {
  let table = tables.get(encoding);
  return (character) => {
    if (character < '\x80') return character;
    if (table === undefined) tables.set(encoding, (table = makeTable(encoding)));
    const code = /** @type {number} */ (character.codePointAt(0));
    if (encoding === 'gb18030' && code > 0xffff)
      return fourBytes(code - 0x10000 + GB18030_ABOVE_BMP);
    // The minus sign of Japanese encodings is the wide one.
    return table.get(character) ?? (character === '−' ? table.get('－') : undefined);
  };
}

module.exports = { legacyEncoder };
