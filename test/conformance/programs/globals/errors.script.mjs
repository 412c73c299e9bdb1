import { probeCases } from '../../harness/probes.mjs';

export const config = {
  bindings: { OBJECT: 'Rejecting' },
  classes: { Rejecting: { sqlite: true } },
};

export const cases = probeCases({
  unhandled: 'S9.2 unhandledrejection',
  later: 'S9.2 rejectionhandled',
  handled: 'S9.2 no event for what is handled',
  async: 'S9.2 unhandledrejection of an async function',
  object: 'S9.2 unhandledrejection of an object',
  report: 'S9.2 reportError',
  'report-nothing': 'S9.2 reportError without an argument',
  microtask: 'S9.2 a microtask throws',
  'microtask-arguments': 'S9.2 queueMicrotask: arguments',
  timer: 'S9.2 a timer throws',
});
