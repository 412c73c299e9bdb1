import { probeCases } from '../../harness/probes.mjs';

export const config = { bindings: { ROOM: 'Room' }, classes: { Room: { sqlite: true } } };

export const cases = probeCases({
  'close-and-reply': 'S6.6.2 a close is answered and both ends are closed',
  'half-open': 'S6.3.1 an end that may be half open',
  'half-open-values': 'S6.3.1 values of allowHalfOpen',
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
  'accept-when-over': 'S6.3.2 accept of a socket that is over',
  'a-listener-that-throws': 'S6.7.5 a listener that throws, and the other end',
  'a-peer-that-left-half-open': 'S6.4.3 a half-open end whose peer has gone',
  'automatic-answer': 'S6.13.3 a Worker gets automatic answers',
  'attachment-when-over': 'S6.11.4 an attachment of a socket that is over',
  'attachment-copies': 'S6.11.5 attachments are copies',
});
