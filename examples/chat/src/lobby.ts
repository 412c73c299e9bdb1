// Lobby: one object that knows which rooms there are. The rooms tell it when people come and go.
import { DurableObject } from 'cloudflare:workers';
import type { Env } from './env';

const MAX_ROOMS = 100;
const ROOMS_SHOWN = 24;

export interface RoomEntry {
  name: string;
  members: number;
  /** When somebody last came or went, in milliseconds since 1970. */
  activeAt: number;
}

type Row = { name: string; members: number; activeAt: number };

export class Lobby extends DurableObject<Env> {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.storage.sql.exec(`
      CREATE TABLE IF NOT EXISTS rooms (
        name TEXT PRIMARY KEY,
        members INTEGER NOT NULL,
        active_at INTEGER NOT NULL
      )
    `);
  }

  async report(name: string, members: number): Promise<void> {
    const { sql } = this.ctx.storage;
    sql.exec(
      `INSERT INTO rooms (name, members, active_at) VALUES (?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET members = excluded.members, active_at = excluded.active_at`,
      name,
      members,
      Date.now(),
    );
    sql.exec(
      `DELETE FROM rooms WHERE name NOT IN (SELECT name FROM rooms ORDER BY active_at DESC LIMIT ?)`,
      MAX_ROOMS,
    );
  }

  /**
   * The rooms to show, the liveliest first. Connections end without a word when the server stops, so rooms that
   * were last seen with people in them are asked again.
   */
  async list(): Promise<RoomEntry[]> {
    const rooms: RoomEntry[] = this.ctx.storage.sql
      .exec<Row>(
        'SELECT name, members, active_at AS activeAt FROM rooms ORDER BY active_at DESC LIMIT ?',
        ROOMS_SHOWN,
      )
      .toArray();
    await Promise.all(rooms.filter((room) => room.members > 0).map((room) => this.#recount(room)));
    return rooms.sort((a, b) => b.members - a.members || b.activeAt - a.activeAt);
  }

  async #recount(room: RoomEntry): Promise<void> {
    const members = await this.env.ROOM.getByName(room.name).headcount();
    if (members === room.members) return;
    room.members = members;
    this.ctx.storage.sql.exec('UPDATE rooms SET members = ? WHERE name = ?', members, room.name);
  }
}
