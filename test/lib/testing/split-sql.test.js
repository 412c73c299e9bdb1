'use strict';
// The statements of a file of D1 migrations (S10.2 applyD1Migrations).

const { splitSql } = require('../../../lib/testing/module/split-sql');

test.each([
  ['', []],
  ['SELECT 1', ['SELECT 1']],
  ['SELECT 1; SELECT 2;', ['SELECT 1', 'SELECT 2']],
  [';; SELECT \';\', "a;b", `c;d`, [e;f] ;', ['SELECT \';\', "a;b", `c;d`, [e;f]']],
  ["SELECT 'it''s; fine'; SELECT 2", ["SELECT 'it''s; fine'", 'SELECT 2']],
  ['-- a; comment\nSELECT 1 /* and; one */;', ['SELECT 1']],
  [
    'CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE a SET x = CASE WHEN 1 THEN 2 END; DELETE FROM b; END; SELECT 1',
    [
      'CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE a SET x = CASE WHEN 1 THEN 2 END; DELETE FROM b; END',
      'SELECT 1',
    ],
  ],
  ['BEGIN; SELECT 1; END;', ['BEGIN', 'SELECT 1', 'END']],
  [
    'CREATE TEMP TRIGGER t DELETE ON a BEGIN SELECT 1; END',
    ['CREATE TEMP TRIGGER t DELETE ON a BEGIN SELECT 1; END'],
  ],
])('%j', (text, statements) => {
  expect(splitSql(text)).toEqual(statements);
});
