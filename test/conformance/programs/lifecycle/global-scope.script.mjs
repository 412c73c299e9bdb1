import { probeCases } from '../../harness/probes.mjs';

export const config = { bindings: { OBJECT: 'Obj' }, classes: { Obj: { sqlite: true } } };

export const cases = probeCases({
  inside: 'S2.10.5 what a module may do while it is evaluated',
  awaited: 'S2.10.5 what it awaits',
  time: 'S2.9.1 clocks go on while code runs',
  handler: 'S2.10.5 a handler may do it',
});
