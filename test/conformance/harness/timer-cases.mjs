// timerCases: one case per probe of programs/timer-probes.js, in an object and in a Worker.
import { timerProbes } from '../programs/timer-probes.js';

const ofObjectsAlone = ['store-it'];

/** @returns {import('./scenario.mjs').Case[]} */
export function timerCases() {
  return Object.keys(timerProbes).flatMap((probe) => [
    { name: `S2.9.2 timers of an object: ${probe}`, request: { path: `/${probe}` } },
    ...(ofObjectsAlone.includes(probe)
      ? []
      : [{ name: `S9.2.4 timers of a Worker: ${probe}`, request: { path: `/${probe}?worker` } }]),
  ]);
}
