// generated/alarms where the object is evicted between rounds, and alarms wake it.
import { seeds } from '../../harness/seeds.mjs';
import { config as alarms } from './alarms.script.mjs';

export const config = { ...alarms, entry: 'generated/alarms.js' };

export const cases = seeds(20).map((seed) => ({
  name: `S5.2 alarms of a seed that wake the object, ${seed}`,
  request: { path: `/${seed}/evicted` },
}));
