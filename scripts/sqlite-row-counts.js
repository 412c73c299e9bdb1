'use strict';

// Writes a copy of SQLite's amalgamation that counts the rows each statement reads and writes (spec S4.5.7). SQLite's public
// interface has no such counters; workerd counts inside SQLite as well, at the same places of the virtual machine.
//
//   node scripts/sqlite-row-counts.js <sqlite3.c> <the copy>
//
// native/storage/row_counts.h declares what it adds. Fails, naming the place, when another version of SQLite lacks one. Both
// CMake and binding.gyp run it; docs/decisions/0025-row-counts-inside-sqlite.md says why.

const fs = require('node:fs');
const path = require('node:path');

const read = 'p->aHoldfastRows[0]++;';
const written = 'if( !pC->isEphemeral ) p->aHoldfastRows[1]++;';

/** How far behind `from` a place may be: within the code of one instruction. */
const kReach = 8_000;

/**
 * What is added, and where: at the first `at` behind `from`.
 * @type {{from: string, at: string, before?: string, after?: string}[]}
 */
const additions = [
  { from: '\nstruct Vdbe {', at: '  u32 aCounter[9];', before: '  u64 aHoldfastRows[2];\n' },
  // Rows read: where a cursor is moved to a row, or past the last one of a loop.
  {
    from: '\ncase OP_Count: {',
    at: 'rc = sqlite3BtreeCount(db, pCrsr, &nEntry);',
    after: '\n    p->aHoldfastRows[0] += nEntry;',
  },
  {
    from: '\ncase OP_SeekGT: {',
    at: '  if( oc>=OP_SeekGE ){  assert( oc==OP_SeekGE',
    before: `  ${read}\n`,
  },
  {
    from: '\ncase OP_NotExists:',
    at: '  pC->seekResult = res;\n',
    after: `  ${read}\n`,
  },
  {
    from: '\ncase OP_Last: {',
    at: '  if( rc ) goto abort_due_to_error;\n',
    after: `  ${read}\n`,
  },
  {
    from: '\ncase OP_Rewind: {',
    at: '  if( rc ) goto abort_due_to_error;\n  pC->nullRow = (u8)res;\n',
    after: `  ${read}\n`,
  },
  { from: '\ncase OP_Next: ', at: '    p->aCounter[pOp->p5]++;\n', after: `    ${read}\n` },
  {
    from: '\ncase OP_VNext: {',
    at: '  res = pModule->xEof(pCur->uc.pVCur);\n',
    before: `  ${read}\n`,
  },
  // Rows written: of tables and of indexes, but not of those that a statement makes for itself.
  {
    from: '\ncase OP_Insert: {',
    at: '  if( pOp->p5 & OPFLAG_NCHANGE ){\n',
    before: `  ${written}\n`,
  },
  {
    from: '\ncase OP_Delete: {',
    at: '  if( opflags & OPFLAG_NCHANGE ){\n',
    after: `    ${written}\n`,
  },
  {
    from: '\ncase OP_IdxInsert: {',
    at: '  if( pOp->p5 & OPFLAG_NCHANGE ) p->nChange++;\n',
    after: `  ${written}\n`,
  },
  {
    from: '\ncase OP_Clear: {',
    at: '    p->nChange += nChange;\n',
    after: '    p->aHoldfastRows[1] += nChange;\n',
  },
  {
    from: '\ncase OP_VUpdate: {',
    at: '      p->nChange++;\n',
    after: '      p->aHoldfastRows[1]++;\n',
  },
];

const access = `
SQLITE_API sqlite3_uint64 *holdfast_statement_rows(sqlite3_stmt *pStmt){
  return ((Vdbe*)pStmt)->aHoldfastRows;
}
`;

/**
 * @param {string} source
 * @returns {string}
 */
function withRowCounts(source) {
  for (const { from, at, before = '', after = '' } of additions) {
    const begin = source.indexOf(from);
    const place = begin < 0 ? -1 : source.indexOf(at, begin);
    if (place < 0 || place - begin > kReach)
      throw new Error(`This version of SQLite has no "${at.trim()}" behind "${from.trim()}"`);
    source = `${source.slice(0, place)}${before}${at}${after}${source.slice(place + at.length)}`;
  }
  return source + access;
}

function main() {
  const [, , from, to] = process.argv;
  if (to === undefined) {
    console.error('usage: sqlite-row-counts.js <sqlite3.c> <copy>');
    process.exit(2);
  }
  // SQLite's sources are UTF-8; latin1 keeps every byte as it is.
  const source = fs.readFileSync(from, 'latin1');
  fs.mkdirSync(path.dirname(to), { recursive: true });
  fs.writeFileSync(to, withRowCounts(source), 'latin1');
}

if (require.main === module) main();

module.exports = { withRowCounts };
