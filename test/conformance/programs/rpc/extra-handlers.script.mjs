import { probeCases } from '../../harness/probes.mjs';

export const config = {
  compatibilityFlags: ['experimental', 'service_binding_extra_handlers'],
  bindings: {},
  classes: {},
};

export const cases = probeCases({
  scheduled: 'S9.1.3 scheduled() of a service stub',
  queue: 'S9.1.3 queue() of a service stub',
  missing: 'S9.1.3 queue() of what has no such handler, and of no messages',
});
