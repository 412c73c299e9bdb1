import { timerCases } from '../../harness/timer-cases.mjs';

export const config = {
  compatibilityDate: '2025-06-01',
  compatibilityFlags: ['nodejs_compat'],
  bindings: { PROBE: 'Probe' },
  classes: { Probe: { sqlite: true } },
};

export const cases = timerCases();
