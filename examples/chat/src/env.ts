import type { ChatRoom } from './room';
import type { Lobby } from './lobby';

/** What wrangler.jsonc binds. */
export interface Env {
  ROOM: DurableObjectNamespace<ChatRoom>;
  LOBBY: DurableObjectNamespace<Lobby>;
  KEEP_SECONDS: string;
  PRUNE_EVERY_SECONDS: string;
}
