// generated/alarms where deleteAll() leaves the alarm (S3.9.2).
import { seeds } from '../../harness/seeds.mjs';
import { config as alarms } from './alarms.script.mjs';

export const config = {
  ...alarms,
  entry: 'generated/alarms.js',
  compatibilityFlags: ['delete_all_preserves_alarm'],
};

export const cases = seeds(20).map((seed) => ({
  name: `S5.6.6 alarms of a seed that deleteAll() leaves, ${seed}`,
  request: { path: `/${seed}` },
}));
