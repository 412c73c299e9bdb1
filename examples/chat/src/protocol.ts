// What the page and a room say to each other over the WebSocket: one JSON object per message.
// The page also sends the bare text `ping`; the runtime answers `pong` without waking the room.

export interface Message {
  id: number;
  nick: string;
  text: string;
  /** Milliseconds since 1970. */
  at: number;
  /** Chosen by the page that sent it: a message sent twice is stored once. */
  key: string;
}

export interface Member {
  nick: string;
  /** When the first of this person's connections was made, in milliseconds since 1970. */
  since: number;
}

export type FromPage = { type: 'say'; key: string; text: string };

export type Refusal = 'malformed' | 'too-long' | 'too-fast';

export type FromRoom =
  | { type: 'welcome'; room: string; nick: string; messages: Message[]; members: Member[] }
  | { type: 'message'; message: Message }
  | { type: 'members'; members: Member[]; joined?: string; left?: string }
  | { type: 'pruned'; firstId: number }
  | { type: 'refused'; why: Refusal; key?: string; retryAfterMs?: number };
