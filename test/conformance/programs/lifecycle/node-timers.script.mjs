import { probeCases } from '../../harness/probes.mjs';

export const config = {
  compatibilityFlags: ['nodejs_compat'],
  bindings: { PROBE: 'Probe' },
  classes: { Probe: { sqlite: true } },
};

export const cases = probeCases({
  surface: 'S9.4.1 what node:timers and node:timers/promises export',
  values: 'S9.4.1 promises over timers',
  wrong: 'S9.4.1 arguments that are none',
  aborted: 'S9.4.1 aborted waits',
  interval: 'S9.4.1 an interval that is iterated',
  throwing: 'S2.7.5 what callbacks of node:timers throw',
  cleared: 'S9.4.1 each clears the timers of the other',
  held: 'S2.5.11 timers of node:timers wait while a critical section is open',
});
