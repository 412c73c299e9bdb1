// Objects that do a bit of everything: key-value rows, several tables, transactions, alarms, deleteAll().
// test/crash/mixed-model.js says what each operation does to the state that read() shows.
import { DurableObject } from 'cloudflare:workers';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS balances (account INTEGER PRIMARY KEY, balance INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS entries (id INTEGER PRIMARY KEY AUTOINCREMENT, op INTEGER NOT NULL,
    account INTEGER NOT NULL, amount INTEGER NOT NULL);
  CREATE INDEX IF NOT EXISTS entries_by_account ON entries (account, op);
  CREATE TABLE IF NOT EXISTS blobs (id INTEGER PRIMARY KEY, op INTEGER NOT NULL, body BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS fired (op INTEGER NOT NULL, ran INTEGER NOT NULL);
`;

/** Thrown to roll back. */
class Undone extends Error {}

export class Mixed extends DurableObject {
  #sql = this.ctx.storage.sql;

  /** @param {{kind: string}} op */
  async perform(op) {
    try {
      await this[`_${op.kind}`](op);
    } catch (error) {
      if (!(error instanceof Undone)) throw error;
    }
  }

  /** All of it is one turn: awaiting storage does not end it (S3.6.2). */
  async _put({ n, keys, remove }) {
    const [first, ...others] = keys;
    await this.ctx.storage.put(first, n);
    await this.ctx.storage.put(Object.fromEntries(others.map((key) => [key, n])));
    this.ctx.storage.kv.put('last', n);
    await this.ctx.storage.delete(remove);
  }

  _sql({ n, rows, blob, drop, keepFrom }) {
    this.#sql.exec(SCHEMA);
    this.#enter(n, rows);
    this.#sql.exec(
      'INSERT OR REPLACE INTO blobs VALUES (?, ?, ?)',
      blob.id,
      n,
      filled(blob.bytes, n),
    );
    this.#sql.exec('DELETE FROM blobs WHERE id = ?', drop);
    this.#sql.exec('DELETE FROM entries WHERE op < ?', keepFrom);
  }

  _transactionSync({ n, rows, key, fails }) {
    this.#sql.exec(SCHEMA);
    this.ctx.storage.transactionSync(() => {
      this.#enter(n, rows);
      this.ctx.storage.kv.put(key, n);
      if (fails) throw new Undone();
    });
  }

  /** Its writes lie in several turns and are still whole or not at all (S3.10). */
  async _transaction({ n, rows, key, alarm, ends }) {
    this.#sql.exec(SCHEMA);
    await this.ctx.storage.transaction(async (txn) => {
      await txn.put(`${key}-before`, n);
      this.#enter(n, rows.slice(1));
      await new Promise((resolve) => setTimeout(resolve));
      await txn.setAlarm(alarm);
      await txn.put('_alarm-of', n);
      this.#enter(n, rows.slice(0, 1));
      await txn.put(key, n);
      if (ends === 'throw') throw new Undone();
      if (ends === 'rollback') txn.rollback();
    });
  }

  async _alarm({ n, at }) {
    this.#sql.exec(SCHEMA);
    if (at === null) await this.ctx.storage.deleteAlarm();
    else await this.ctx.storage.setAlarm(at);
    await this.ctx.storage.put('_alarm-of', n);
  }

  async _deleteAll({ n, again }) {
    await this.ctx.storage.deleteAll();
    if (!again) return;
    this.#sql.exec(SCHEMA);
    this.#enter(n, [[0, n]]);
    await this.ctx.storage.put('last', n);
  }

  /** @param {number} n @param {[account: number, amount: number][]} rows */
  #enter(n, rows) {
    for (const [account, amount] of rows) {
      this.#sql.exec(
        'INSERT INTO entries (op, account, amount) VALUES (?, ?, ?)',
        n,
        account,
        amount,
      );
      this.#sql.exec(
        `INSERT INTO balances VALUES (?1, ?2)
         ON CONFLICT (account) DO UPDATE SET balance = balance + excluded.balance`,
        ...[account, amount],
      );
    }
  }

  /**
   * Two writes of one turn, which are stored together with the end of the alarm (S5.6.5). Which operation's alarm it is
   * says the storage: a firing that meets a later alarm which is due runs for that one (S5.3.6).
   */
  alarm({ scheduledTime }) {
    const { kv } = this.ctx.storage;
    this.#sql.exec(SCHEMA);
    this.#sql.exec('INSERT INTO fired VALUES (?, ?)', kv.get('_alarm-of'), Date.now());
    kv.put('_fired', (kv.get('_fired') ?? 0) + 1);
    console.log(`alarm of ${this.ctx.id.name} at ${scheduledTime}`);
  }

  async read() {
    const alarm = await this.ctx.storage.getAlarm();
    const check = this.#sql.exec('PRAGMA quick_check').toArray();
    const values = Object.fromEntries(await this.ctx.storage.list());
    const { _fired: firedCount = 0, '_alarm-of': alarmOf = 0, ...keys } = values;
    const tables = this.#sql.exec("SELECT name FROM sqlite_schema WHERE name = 'fired'").toArray();
    if (tables.length === 0)
      return { keys, balances: [], entries: [], blobs: [], alarm, check, fired: [], firedCount };
    const rows = (query) => [...this.#sql.exec(query).raw()];
    return {
      keys,
      balances: rows('SELECT account, balance FROM balances ORDER BY account'),
      entries: rows('SELECT op, account, amount FROM entries ORDER BY id'),
      blobs: rows('SELECT id, op, body FROM blobs ORDER BY id').map(([id, op, body]) => [
        id,
        op,
        isFilled(body, op) ? body.byteLength : 'damaged',
      ]),
      alarm,
      alarmOf,
      check,
      fired: rows('SELECT op, ran FROM fired ORDER BY rowid'),
      firedCount,
    };
  }
}

/** @param {number} bytes @param {number} n */
const filled = (bytes, n) => new Uint8Array(bytes).fill(n & 0xff);

/** @param {ArrayBuffer} body @param {number} n */
const isFilled = (body, n) => new Uint8Array(body).every((byte) => byte === (n & 0xff));
