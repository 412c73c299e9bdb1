import { seeds } from '../../harness/seeds.mjs';
import { config as withReplies } from './sockets.script.mjs';

/** As sockets, before Close frames were answered by themselves (S6.6.1). */
export const config = {
  ...withReplies,
  entry: 'generated/sockets.js',
  compatibilityDate: '2026-01-01',
};

export const cases = seeds(15).map((seed) => ({
  name: `S6.6.1 a history of sockets closed by hand, seed ${seed}`,
  request: { path: `/${seed}` },
}));
