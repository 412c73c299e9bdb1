// What was said in one room, in the room's own SQL database.
import type { Message } from './protocol';
import { HISTORY_PAGE, MAX_MESSAGES_KEPT } from './rules';

type Row = { id: number; nick: string; text: string; at: number; key: string };

export class History {
  constructor(private readonly sql: SqlStorage) {
    sql.exec(`
      CREATE TABLE IF NOT EXISTS messages (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL UNIQUE,
        nick TEXT NOT NULL,
        text TEXT NOT NULL,
        at INTEGER NOT NULL
      );
      CREATE INDEX IF NOT EXISTS messages_at ON messages (at);
    `);
  }

  /** Stores a message. `fresh` is false when its key is known: the page sent it again after a broken connection. */
  add(nick: string, text: string, key: string, at: number): { message: Message; fresh: boolean } {
    const added = this.sql
      .exec<Row>(
        `INSERT INTO messages (key, nick, text, at) VALUES (?, ?, ?, ?)
         ON CONFLICT (key) DO NOTHING RETURNING id, nick, text, at, key`,
        key,
        nick,
        text,
        at,
      )
      .toArray();
    if (added.length === 1) return { message: added[0], fresh: true };
    const message = this.sql
      .exec<Row>('SELECT id, nick, text, at, key FROM messages WHERE key = ?', key)
      .one();
    return { message, fresh: false };
  }

  /** The newest messages after `id`, oldest first; at most one page of them. */
  after(id: number): Message[] {
    return this.sql
      .exec<Row>(
        'SELECT id, nick, text, at, key FROM messages WHERE id > ? ORDER BY id DESC LIMIT ?',
        id,
        HISTORY_PAGE,
      )
      .toArray()
      .reverse();
  }

  /** The page of messages just before `id`, oldest first. */
  before(id: number): Message[] {
    return this.sql
      .exec<Row>(
        'SELECT id, nick, text, at, key FROM messages WHERE id < ? ORDER BY id DESC LIMIT ?',
        id,
        HISTORY_PAGE,
      )
      .toArray()
      .reverse();
  }

  /** Forgets what was said before `time` and all but the newest messages; returns the number forgotten. */
  prune(time: number): number {
    return this.sql.exec(
      `DELETE FROM messages WHERE at < ? OR id <=
         (SELECT id FROM messages ORDER BY id DESC LIMIT 1 OFFSET ?)`,
      time,
      MAX_MESSAGES_KEPT,
    ).rowsWritten;
  }

  /** The id of the oldest message kept; one more than any id so far when there is none. */
  firstId(): number {
    const { id } = this.sql
      .exec<{ id: number }>(
        `SELECT coalesce((SELECT min(id) FROM messages),
           (SELECT seq + 1 FROM sqlite_sequence WHERE name = 'messages'), 1) AS id`,
      )
      .one();
    return id;
  }

  count(): number {
    return this.sql.exec<{ n: number }>('SELECT count(*) AS n FROM messages').one().n;
  }
}
