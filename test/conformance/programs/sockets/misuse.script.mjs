import { probeCases } from '../../harness/probes.mjs';

export const config = { bindings: { PROBE: 'Probe' }, classes: { Probe: { sqlite: true } } };

export const cases = probeCases({
  'pair-shape': 'S6.1.1 what a WebSocketPair is',
  constants: 'S6.7.1 constants and first state',
  'before-accept': 'S6.4.2 send and close before accept',
  'response-status': 'S6.2.2 status 101 and webSocket belong together',
  'response-property': 'S6.2.1 response.webSocket',
  'pair-within': 'S6.1.2 both ends in one object',
  'accept-web-socket': 'S6.10.2 sockets that cannot be accepted',
  tags: 'S6.10.3 tags',
  'odd-tags': 'S6.10.1 tags at their limits, and odd ones',
  'get-tags': 'S6.11.3 getTags of other sockets',
  attachments: 'S6.11.4 attachments',
  'auto-response': 'S6.13.1 the auto-response pair',
  'event-timeout': 'S6.14.1 the event timeout',
  'not-upgraded': 'S6.2.3 a socket for a request without Upgrade',
  'through-stub': 'S6.2.4 a socket through stub.fetch',
  reused: 'S6.2.5 ends that cannot be returned',
  'constructor-errors': 'S6.8.1 addresses that new WebSocket refuses',
});
