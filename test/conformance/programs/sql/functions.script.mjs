import { probeCases } from '../../harness/probes.mjs';

export const config = { bindings: { PROBE: 'Probe' }, classes: { Probe: { sqlite: true } } };

export const cases = probeCases({
  core: 'S4.12.1 core functions',
  dates: 'S4.12.2 functions of dates',
  aggregates: 'S4.12.3 aggregate functions',
  windows: 'S4.12.3 window functions',
  math: 'S4.12.4 functions of mathematics',
  json: 'S4.12.5 functions of JSON',
  absent: 'S4.12.7 functions that are not there',
  modules: 'S4.8.5 virtual tables that are allowed, and others',
  fts5: 'S4.12.6 queries and functions of FTS5',
});
