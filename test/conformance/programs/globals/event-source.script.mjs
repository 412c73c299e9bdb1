import { probeCases } from '../../harness/probes.mjs';

export const config = {};

export const cases = probeCases({
  messages: 'S9.2 EventSource: messages of a stream',
  split: 'S9.2 EventSource: messages in pieces',
  empty: 'S9.2 EventSource: fields without data',
  shape: 'S9.2 EventSource: states',
  refused: 'S9.2 EventSource: arguments',
});
