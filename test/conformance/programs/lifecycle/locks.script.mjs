import { probeCases } from '../../harness/probes.mjs';

export const config = {
  bindings: { LOCKED: 'Aliased', OTHER: 'Other' },
  classes: { Aliased: { sqlite: true }, Other: { sqlite: true } },
};

export const cases = probeCases({
  microtasks: 'S2.5.2 an event has the object until its microtasks are done',
  storage: 'S2.5.3 storage does not let another event in',
  timers: 'S2.5.2 a timer lets another event in',
  section: 'S2.5.11 what belongs to a section',
  'socket-of-response': 'S1.8.6 the WebSocket of a response',
  aliased: 'S1.10.1 a class is a named export',
});
