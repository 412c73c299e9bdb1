import { timerCases } from '../../harness/timer-cases.mjs';

export const config = {
  bindings: { PROBE: 'Probe' },
  classes: { Probe: { sqlite: true } },
};

export const cases = timerCases();
