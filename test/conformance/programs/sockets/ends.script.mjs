import { probeCases } from '../../harness/probes.mjs';

export const config = { bindings: { ROOM: 'Room' }, classes: { Room: { sqlite: true } } };

export const cases = probeCases({
  'close-and-reply': 'S6.6.2 a close is answered and both ends are closed',
  'half-open': 'S6.3.1 an end that may be half open',
  'close-without-code': 'S6.5.4 a close without a code',
  'close-from-both': 'S6.6.5 both ends close',
  'close-arguments': 'S6.5.1 codes and reasons',
  'data-is-copied': 'S6.4.1 bytes are copied at the call',
  'lone-surrogates-sent': 'S6.4.1 text with a lone surrogate',
  'lone-surrogates': 'S6.5.1 a reason with a lone surrogate',
  'other-data': 'S6.4.1 other values become text',
  'binary-type': 'S6.7.3 binaryType',
  'event-target': 'S6.7.4 listeners',
  'before-accept': 'S6.1.2 what arrives before accept waits',
  'accept-arguments': 'S6.3.1 options of accept',
  'worker-to-standard': 'S6.2.4 a Worker and a standard socket of an object',
  'worker-to-hibernatable': 'S6.2.4 a Worker and a hibernatable socket of an object',
  'object-closes-hibernatable': 'S6.12.5 an object closes a socket of a Worker',
  'object-aborts': 'S6.15 abort, seen by a Worker',
  'never-accepted': 'S6.1.2 what an object sent before the Worker accepts',
  declined: 'S6.8.3 a stub that declines',
  'ws-schemes': 'S6.8.3 fetch refuses ws and wss',
  'from-an-object': 'S6.2.4 an object and a socket of another object',
  'attachment-copies': 'S6.11.5 attachments are copies',
});
