// What a room name, a nick and a message may look like, and how fast one may talk.
import type { FromPage } from './protocol';

export const MAX_TEXT_LENGTH = 1000;
export const MAX_NICK_LENGTH = 24;
/** Longest message a room looks into, in characters: a full text with every character escaped. */
export const MAX_FRAME_LENGTH = 8 * MAX_TEXT_LENGTH;
export const MAX_CONNECTIONS = 500;
export const HISTORY_PAGE = 100;
export const MAX_MESSAGES_KEPT = 5000;

// Control characters (line feed excepted) and the invisible ones that change the direction of what follows.
const UNWANTED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const ROOM_NAME = /^[\p{L}\p{N}][\p{L}\p{N}_-]{0,39}$/u;
const KEY = /^[A-Za-z0-9-]{8,40}$/;

/** The room's name in its one spelling, or null. */
export function cleanRoomName(raw: string): string | null {
  const name = raw.normalize('NFC').toLowerCase();
  return ROOM_NAME.test(name) ? name : null;
}

/** The nick with blanks tidied up, or null. */
export function cleanNick(raw: string | null): string | null {
  const nick = (raw ?? '').normalize('NFC').replace(UNWANTED, '').replace(/\s+/g, ' ').trim();
  return nick !== '' && nick.length <= MAX_NICK_LENGTH ? nick : null;
}

/** The text to be said, or null when nothing is left of it. */
export function cleanText(raw: string): string | null {
  const text = raw.replace(/\r\n?/g, '\n').replace(UNWANTED, '').trim();
  return text === '' ? null : text;
}

/** Reads what a page sent; null when it is none of the things a page may send. */
export function parseFromPage(frame: string | ArrayBuffer): FromPage | null {
  if (typeof frame !== 'string' || frame.length > MAX_FRAME_LENGTH) return null;
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { type, key, text } = value as Record<string, unknown>;
  if (type !== 'say' || typeof key !== 'string' || typeof text !== 'string') return null;
  return KEY.test(key) ? { type, key, text } : null;
}

const BURST = 8;
const REFILL_MS = 1000;

/**
 * A leaky bucket: eight messages at once, then one per second.
 * It lives in memory only. A room is idle for longer than a bucket takes to fill before it is evicted.
 */
export class Bucket {
  #tokens = BURST;
  #filledAt: number;

  constructor(now: number) {
    this.#filledAt = now;
  }

  /** Takes one token and returns 0, or returns how many milliseconds to wait for one. */
  take(now: number): number {
    this.#tokens = Math.min(BURST, this.#tokens + (now - this.#filledAt) / REFILL_MS);
    this.#filledAt = now;
    if (this.#tokens < 1) return Math.ceil((1 - this.#tokens) * REFILL_MS);
    this.#tokens -= 1;
    return 0;
  }
}
