import { probeCases } from '../../harness/probes.mjs';

export const config = {
  bindings: { WRITER: 'Writer', SEEN: 'Seen' },
  classes: { Writer: { sqlite: true }, Seen: { sqlite: true } },
};

export const cases = probeCases({
  'order-of-sends': 'S2.6.4 calls between writes arrive in order',
  'sent-before': 'S2.6.2 a later write does not hold an earlier call',
  'throws-after-violation': 'S1.9.8 an exception after a write that is lost',
  'fetch-after-violation': 'S2.6.6 a response after a write that is lost',
  'sync-after-violation': 'S2.6.6 sync after a write that is lost',
  'storage-after-loss': 'S2.6.6 storage stays at the last commit',
  'violation-in-timer': 'S2.6.6 a timer loses its write',
  'others-in-flight': 'S2.6.6 calls in flight when a write is lost',
  'read-not-delayed': 'S2.6.3 reads see writes that are not durable yet',
  unconfirmed: 'S2.6.5 allowUnconfirmed',
  'unconfirmed-order':
    'S2.6.5 what waits for a write, and what does not wait for an unconfirmed one',
  'unconfirmed-violation': 'S2.6.5 an unconfirmed write that is lost',
  'sync-result': 'S2.6.8 what sync gives',
  'sockets-in-order': 'S2.6.4 messages between writes arrive in order',
  'socket-after-violation': 'S2.6.2 messages before and after a write that is lost',
  'response-with-stream': 'S2.6.2 a streamed body between writes',
  'commit-per-turn': 'S2.4.3 the turns before an abort are kept',
  'one-turn': 'S1.14.2 an abort undoes the whole turn',
  'abort-after-sync': 'S1.14.6 what sync confirmed survives an abort',
  'wait-until-writes': 'S2.6.1 writes in the background',
  'lost-rpc': 'S2.6.2 a call after a write that is lost',
  'lost-fetch': 'S2.6.2 a fetch after a write that is lost',
  'lost-rpc-argument-function': 'S2.6.2 a callback after a write that is lost',
  'lost-own-object': 'S2.6.2 a call to itself after a write that is lost',
  'lost-nothing': 'S2.6.2 a result after a write that is lost',
});
