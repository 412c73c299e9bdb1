import { probeCases } from '../../harness/probes.mjs';

export const config = {
  bindings: { PROBE: 'Probe', PLAIN: 'Plain', ALARMED: 'Alarmed' },
  classes: { Probe: { sqlite: true }, Plain: { sqlite: true }, Alarmed: { sqlite: true } },
};

export const cases = probeCases({
  'location-hint': 'S1.1.6 a location hint is accepted and changes nothing',
  jurisdiction: 'S1.2.3 ids have no jurisdiction',
  'stub-surface': 'S1.6.1 what a stub is',
  'no-such-method': 'S7.2.6 neither optional chaining nor typeof tells whether a method exists',
  'ctx-surface': 'S1.11.3 S1.11.5 S1.11.6 what ctx of an object has not',
  'worker-ctx': 'S1.12.11 ctx of a Worker has no blockConcurrencyWhile',
  'no-concurrency': 'S2.6.7 S2.6.10 options of storage that change nothing one can see',
  'long-keys': 'S3.7.1 keys of more than 2048 bytes',
  'long-values': 'S3.7.2 values of more than 128 KiB',
  'long-batches': 'S3.2.3 S3.7.3 S3.7.4 more than 128 keys at once',
  'alarm-name': 'S5.2.5 the name in an alarm',
  targets: 'S7.1.1 what can be called',
  'first-reason': 'S2.7.1 the first reason of an end is what every caller sees',
  'ended-callee': 'S1.7.4 S1.9.3 calls before and after the end of their object',
  'own-io-context': 'S2.10.1 the requests of an object share a context',
  'alarm-gate': 'S5.6.3 after setAlarm the alarm is there',
  'after-handlers': 'S1.11.2 waitUntil in a handler',
});
